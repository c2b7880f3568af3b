// Texts of M as a JSON list on standard input → a JSON list: null where the parser takes one, else what it says.
import parser from "@microsoft/powerquery-parser";

const { DefaultSettings, TaskUtils } = parser;
let given = "";
for await (const part of process.stdin) given += part;
const answers = [];
for (const text of JSON.parse(given)) {
  const task = await TaskUtils.tryLexParse(DefaultSettings, text);
  answers.push(TaskUtils.isParseStageOk(task) ? null : String(task.error?.message ?? task.resultKind));
}
process.stdout.write(JSON.stringify(answers));
