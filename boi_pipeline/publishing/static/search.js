// Search in the browser: words (MiniSearch), facets with counts, order, state in the address. Needs no server and no build.
//
// window.boiIndex (written by search.py) holds what is open; files of closed calls are loaded when they are asked for.
// The address after # is the state: a control changes the address, and a change of the address shows its answer. Whatever
// the index says is put into the page as text; links lead to pages of this site only.
"use strict";

(() => {
  const PAGE = 24; // cards shown at once
  const SOON = 14; // days, as the notes say "Cierra pronto"
  const CODE = /^[A-Z]{2,6}-\d{4}-\d{1,9}$/;
  const FIGURE = /(\d[\d.,]{0,20}\d)/; // hidden whole where a card has no room: "5.000" never becomes "5.00…"
  const RADIOS = ["estado", "cierre"];
  const NAMED = { cierre: "Cierre:", aplicar: "¿Puedo aplicar?", idioma: "Idioma:" }; // of options that say little alone
  const STOP = new Set(
    "a al con de del e el en es la las lo los o para por que se sin son su sus u un una unas unos y".split(" "));

  const index = window.boiIndex;
  const area = document.querySelector(".search");
  const form = document.getElementById("buscador");
  const field = document.getElementById("q");
  const order = document.getElementById("orden");
  const status = document.getElementById("cuenta");
  const chosen = document.getElementById("elegidos");
  const list = document.getElementById("lista");
  const more = document.getElementById("mas");
  const filters = document.getElementById("filtros");
  const filtersCount = document.getElementById("filtros-cuenta");
  const pieces = document.getElementById("piezas").content;
  const root = area.dataset.root;

  // ------------------------------------------------------------ words

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  /** What a Spanish word shares with its plural and its other gender; three letters stay. */
  function stem(word) {
    if (/\d/.test(word)) return word;
    if (word.length > 4 && word.endsWith("ces")) return word.slice(0, -3) + "z";
    if (word.length > 4 && /[oae]s$/.test(word)) return word.slice(0, -2);
    return word.length > 3 && /[oae]$/.test(word) ? word.slice(0, -1) : word;
  }

  const words = new window.MiniSearch({
    fields: ["title", "funder", "place", "tags", "summary", "other", "code"],
    processTerm: (term) => { const word = fold(term); return STOP.has(word) ? null : stem(word); },
    searchOptions: {
      boost: { title: 4, code: 4, funder: 2, tags: 2, place: 1.5 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 4 && !/\d/.test(term) ? 0.2 : false),
    },
  });

  // ------------------------------------------------------------ calls

  /** Days since 1970 in the entity's zone; never before the day the index was made for. */
  function today() {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: index.zone }).format(new Date());
    return Math.max(index.day, Math.round(Date.parse(parts + "T00:00:00Z") / 86400000) || 0);
  }

  const day = today();
  const inputs = [...document.querySelectorAll('input[form="buscador"]')];
  const facets = [...new Set(inputs.map((input) => input.name))];
  const optionWords = new Map(inputs.map((input) => [
    input.name + "=" + input.value, input.parentElement.querySelector(".option-words").textContent]));

  function dateWords(number) {
    const date = new Date(number * 86400000);
    return `${date.getUTCDate()} ${index.months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }

  function windows(left) {
    if (left === undefined) return ["sin-fecha"];
    if (left > 30) return ["despues"];
    return left <= 7 ? ["7", "14", "30"] : left <= 14 ? ["14", "30"] : ["30"];
  }

  /** A call as of today: one that closed since the site was made is closed, whatever the index says. */
  function call(row) {
    const [code, type, typeWords, title, funder, place, summary, other, state, chip, days, published, values, opens] = row;
    const waits = state === "forecasted" && !(opens && opens <= day);
    const dated = ["open", "soon", "moved", "closed"].includes(state) || (state === "forecasted" && days.length > 0);
    const next = state === "closed" ? undefined : days.find((one) => one >= day || day === index.day);
    const isOpen = dated ? next !== undefined : state !== "reported";
    const left = next - day;
    let shown = { state, words: chip };
    if (dated && !isOpen) shown = { state: "closed", words: "Cerró el " + dateWords(days[days.length - 1]) };
    else if (state === "moved") shown = { state, words: "Nueva fecha: " + dateWords(next) };
    else if (waits) shown = { state, words: chip };
    else if (dated) shown = left <= SOON
      ? { state: "soon", words: "Cierra pronto: " + dateWords(next) }
      : { state: "open", words: "Cierra el " + dateWords(next) };
    else if (state === "forecasted") shown = { state: "undated", words: "Ya abrió" };
    const found = { code, type, typeWords, title, funder, place, summary, other, published, isOpen, shown };
    found.close = isOpen ? next : days[days.length - 1];
    found.values = Object.fromEntries(index.facets.map((name, place) => [name, values[place]]));
    found.values.estado = [!isOpen ? "cerradas" : waits ? "por-abrir" : "abiertas"];
    found.values.cierre = isOpen ? windows(dated ? left : undefined) : [];
    return found;
  }

  const calls = [];
  const loaded = new Map(); // year → whether its closed calls are here
  let ready = Promise.resolve();
  let unread = 0; // files whose words are not searchable yet

  function add(rows) {
    const found = rows.filter((row) => CODE.test(row[0])).map(call);
    for (const one of found) { one.id = calls.length; calls.push(one); }
    const texts = found.map((one) => ({
      id: one.id, code: one.code, title: one.title, funder: one.funder, place: one.place, summary: one.summary,
      other: one.other,
      tags: [one.typeWords, ...facets.flatMap((name) => (one.values[name] || []).map((value) =>
        RADIOS.includes(name) ? "" : optionWords.get(name + "=" + value) || ""))].join(" "),
    }));
    unread += 1;
    ready = ready.then(() => words.addAllAsync(texts, { chunkSize: 50 })).then(() => { unread -= 1; });
  }

  /** Load the closed calls that are not here yet; each file is a script that assigns its rows. */
  async function loadClosed() {
    await Promise.all(index.closed.filter(({ year }) => !loaded.has(year)).map(({ year, file }) => {
      loaded.set(year, false);
      return new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = root + file;
        script.onload = () => { loaded.set(year, true); add(window.boiClosed[year]); resolve(); };
        script.onerror = () => { loaded.delete(year); script.remove(); reject(new Error(file)); };
        document.head.append(script);
      });
    }));
    await ready;
  }

  // ------------------------------------------------------------ state

  /** What the address after # asks for; what nobody knows is left out. */
  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const state = { q: (asked.get("q") || "").slice(0, 120), orden: null, mostrar: PAGE, picked: new Map() };
    if (["cierre", "nuevas", "texto"].includes(asked.get("orden"))) state.orden = asked.get("orden");
    state.mostrar = Math.min(Math.max(parseInt(asked.get("mostrar"), 10) || PAGE, PAGE), 5000);
    for (const name of facets) {
      const values = asked.getAll(name).filter((value) => value && optionWords.has(name + "=" + value));
      if (values.length) state.picked.set(name, new Set(RADIOS.includes(name) ? values.slice(0, 1) : values));
    }
    return state;
  }

  function writtenAddress(state) {
    const told = new URLSearchParams();
    if (state.q) told.append("q", state.q);
    for (const name of facets) for (const value of state.picked.get(name) || []) told.append(name, value);
    if (state.orden) told.append("orden", state.orden);
    if (state.mostrar > PAGE) told.append("mostrar", state.mostrar);
    return "#" + (told.toString() || "estado=abiertas"); // an empty fragment would scroll to the top
  }

  function readForm() {
    const state = { q: field.value.trim(), orden: readAddress().orden, mostrar: PAGE, picked: new Map() };
    for (const input of inputs) {
      if (input.checked && input.value) {
        if (!state.picked.has(input.name)) state.picked.set(input.name, new Set());
        state.picked.get(input.name).add(input.value);
      }
    }
    return state;
  }

  function fillForm(state) {
    if (field.value.trim() !== state.q) field.value = state.q;
    for (const input of inputs) {
      const picked = state.picked.get(input.name);
      input.checked = input.value ? Boolean(picked && picked.has(input.value)) : !picked;
    }
  }

  /** Go to a state: a step the back button undoes, or (while typing) in place of the one before. */
  function go(state, inPlace) {
    const address = writtenAddress(state);
    if (address === (location.hash || "#estado=abiertas")) show(state);
    else if (inPlace) location.replace(address);
    else location.hash = address;
  }

  // ------------------------------------------------------------ answers

  /** id → score of the calls the words are in; null without words. If no call has all of them, those that have some. */
  function scores(q) {
    const told = fold(q).split(/[\s\p{P}]+/u).filter((word) => word && !STOP.has(word));
    if (!told.length) return { found: null, loose: false };
    let hits = words.search(q, { combineWith: "AND" });
    const loose = !hits.length && told.length > 1;
    if (loose) hits = words.search(q);
    return { found: new Map(hits.map((hit) => [hit.id, hit.score])), loose: loose && hits.length > 0 };
  }

  /** The calls that fit, and for each option how many would fit with it in place of what its own facet has picked. */
  function answer(state) {
    const { found, loose } = scores(state.q);
    const limits = [...state.picked].filter(([name, picked]) => !(name === "estado" && picked.has("todas")));
    if (!state.picked.has("estado")) limits.push(["estado", new Set(["abiertas"])]);
    const counts = new Map();
    const fit = [];
    for (const one of calls) {
      if (found && !found.has(one.id)) continue;
      let failed = 0;
      let facet = null;
      for (const [name, picked] of limits) {
        if (!one.values[name].some((value) => picked.has(value))) { failed += 1; facet = name; }
        if (failed > 1) break;
      }
      if (failed > 1) continue;
      if (!failed) fit.push(one);
      for (const name of failed ? [facet] : facets) {
        for (const value of one.values[name]) {
          const key = name + "=" + value;
          counts.set(key, (counts.get(key) || 0) + 1);
        }
      }
    }
    const by = state.orden || (found ? "texto" : "cierre");
    const late = Number.MAX_SAFE_INTEGER;
    const close = (one) => (one.close === undefined ? late : one.close);
    const closing = (a, b) => Number(b.isOpen) - Number(a.isOpen)
      || (a.isOpen ? close(a) - close(b) : (b.close || 0) - (a.close || 0)) || a.id - b.id;
    const newest = (a, b) => b.published - a.published || a.id - b.id;
    const alike = (a, b) => found.get(b.id) - found.get(a.id) || closing(a, b);
    fit.sort(by === "nuevas" ? newest : by === "texto" && found ? alike : closing);
    return { fit, counts, loose, by };
  }

  // ------------------------------------------------------------ page

  const piece = (selector) => pieces.querySelector(selector).cloneNode(true);

  function card(one) {
    const made = piece("[data-card]");
    const badge = piece(`[data-badge="${one.type}"]`);
    if (!one.type) badge.querySelector("[data-words]").textContent = one.typeWords;
    made.classList.add("type-" + (one.type || "other"));
    made.classList.toggle("card-closed", !one.isOpen);
    made.querySelector('[data-slot="badge"]').replaceWith(badge);
    const chip = made.querySelector('[data-slot="chip"]');
    chip.classList.add("chip-" + one.shown.state);
    chip.querySelector("[data-words]").textContent = one.shown.words;
    const link = made.querySelector("a");
    link.href = `${root}oportunidades/${one.code.toLowerCase()}/index.html`;
    link.textContent = one.title;
    const convener = [one.funder, one.place].filter(Boolean).join(" · ");
    if (convener) made.querySelector(".convener").textContent = convener;
    else made.querySelector(".convener").remove();
    made.querySelector(".card-summary").append(...one.summary.split(FIGURE).map((part, place) => {
      if (place % 2 === 0) return part;
      const figure = document.createElement("span");
      figure.className = "figure";
      figure.textContent = part;
      return figure;
    }));
    if (one.isOpen) made.querySelector(".card-foot").append(piece(`[data-pill="${one.values.aplicar[0]}"]`));
    else made.querySelector(".card-foot").remove();
    return made;
  }

  const told = (number, one, many) => `${number.toLocaleString("es")} ${number === 1 ? one : many}`;

  function statusWords(state, { fit, loose }) {
    const kind = (state.picked.get("estado") || new Set(["abiertas"])).values().next().value;
    const names = { "por-abrir": ["convocatoria por abrir", "convocatorias por abrir"], abiertas: ["convocatoria abierta", "convocatorias abiertas"],
      cerradas: ["convocatoria cerrada", "convocatorias cerradas"], todas: ["convocatoria", "convocatorias"] }[kind];
    if (!fit.length) return "Ninguna convocatoria cumple lo que pide. Quite un filtro o cambie las palabras.";
    return told(fit.length, ...names) + (loose ? ". Ninguna tiene todas las palabras: estas tienen alguna." : "");
  }

  function showCounts(state, { counts }) {
    for (const input of inputs) {
      const key = input.name + "=" + (input.name === "estado" && !input.value ? "abiertas" : input.value);
      let number = counts.get(key) || 0;
      const isAll = input.name === "cierre" && !input.value;
      if (isAll) number = null;
      if (input.name === "estado" && input.value) {
        const here = index.closed.every(({ year }) => loaded.get(year));
        if (!here) number = null;
        else if (input.value === "todas") number = ["abiertas", "por-abrir", "cerradas"].reduce((sum, one) => sum + (counts.get("estado=" + one) || 0), 0);
      }
      const label = input.parentElement;
      label.querySelector(".option-count").textContent = number === null ? "" : number.toLocaleString("es");
      label.classList.toggle("option-none", number === 0 && !input.checked);
    }
    for (const facet of document.querySelectorAll(".facet")) {
      const picked = state.picked.get(facet.querySelector("input").name);
      const mark = facet.querySelector(".facet-mark");
      if (mark) mark.textContent = picked ? told(picked.size, "elegido", "elegidos") : "";
      if (picked) facet.open = true;
    }
  }

  function showChosen(state) {
    const all = [...state.picked].flatMap(([name, values]) => [...values].map((value) => ({ name, value })));
    const buttons = all.map(({ name, value }) => {
      const button = piece("[data-chosen]");
      const text = [NAMED[name], optionWords.get(name + "=" + value)].filter(Boolean).join(" ");
      button.querySelector("[data-words]").textContent = text;
      button.setAttribute("aria-label", "Quitar el filtro " + text);
      button.addEventListener("click", () => {
        const next = readForm();
        next.picked.get(name).delete(value);
        if (!next.picked.get(name).size) next.picked.delete(name);
        go(next);
        status.focus();
      });
      return button;
    });
    if (all.length > 1 || (all.length && state.q)) {
      const clear = piece("[data-chosen]");
      clear.classList.add("chosen-all");
      clear.querySelector("[data-words]").textContent = "Borrar todo";
      clear.addEventListener("click", () => {
        go({ q: "", orden: null, mostrar: PAGE, picked: new Map() });
        status.focus();
      });
      buttons.push(clear);
    }
    chosen.replaceChildren(...buttons.map((button) => {
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    filtersCount.textContent = all.length ? told(all.length, "elegido", "elegidos") : "";
  }

  let turn = 0;

  /** Show a state. Waits for words or closed calls that are still on their way, then shows it again. */
  function show(state) {
    const mine = (turn += 1);
    const again = () => { if (mine === turn) show(state); };
    const needsClosed = state.picked.has("estado") && index.closed.some(({ year }) => !loaded.get(year));
    fillForm(state);
    if (needsClosed) {
      status.textContent = "Cargando las convocatorias cerradas…";
      loadClosed().then(again, () => {
        if (mine === turn) status.textContent = "No se pudieron cargar las cerradas. Compruebe su conexión e intente otra vez.";
      });
      return;
    }
    if (state.q && unread) {
      status.textContent = "Preparando la búsqueda…";
      ready.then(again);
      return;
    }
    const result = answer(state);
    status.textContent = statusWords(state, result);
    order.value = result.by;
    order.querySelector('[value="texto"]').disabled = !state.q;
    showCounts(state, result);
    showChosen(state);
    list.replaceChildren(...result.fit.slice(0, state.mostrar).map(card));
    more.hidden = result.fit.length <= state.mostrar;
    area.dataset.shown = String(turn);
  }

  function listen() {
    let waiting = 0;
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => go(readForm(), true), 150);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      go(readForm(), true);
      status.focus();
    });
    area.addEventListener("change", (event) => {
      if (event.target === order) go({ ...readForm(), orden: order.value });
      else if (inputs.includes(event.target)) go(readForm());
    });
    more.addEventListener("click", () => {
      const state = readAddress();
      const first = state.mostrar;
      go({ ...state, mostrar: first + PAGE }, true);
      window.addEventListener("hashchange", () => list.querySelectorAll("a")[first]?.focus(), { once: true });
    });
    window.addEventListener("hashchange", () => {
      const target = document.getElementById(location.hash.slice(1));
      if (target) location.replace(writtenAddress(readForm())); // a link within the page: keep the search in the address
      else show(readAddress());
    });
  }

  const wide = window.matchMedia("(min-width: 60rem)");
  const unfold = () => { filters.open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  add(index.rows);
  listen();
  show(readAddress());
})();
