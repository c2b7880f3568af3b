// Started with `node --import`: schemas come from the folder PBIR_SCHEMAS; no other address answers.
import { EventEmitter } from "node:events";
import fs from "node:fs";
import https from "node:https";
import path from "node:path";
import { Readable } from "node:stream";

const BASE = "https://developer.microsoft.com/json-schemas/";

https.get = (address, _options, answer) => {
  const request = Object.assign(new EventEmitter(), { destroy() {} });
  const url = String(address);
  const file = url.startsWith(BASE) ? path.join(process.env.PBIR_SCHEMAS, url.slice(BASE.length)) : "";
  queueMicrotask(() => {
    if (file && fs.existsSync(file)) {
      answer(Object.assign(Readable.from([fs.readFileSync(file)]), { statusCode: 200, headers: {} }));
    } else {
      request.emit("error", new Error(`not in the folder of schemas: ${url}`));
    }
  });
  return request;
};
