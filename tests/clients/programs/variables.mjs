// Completes a task with a variable of each kind, reads them back in the next one, and prints them.
import { writeFileSync } from "node:fs";
import { Client, File, Variables } from "camunda-external-task-client-js";

const [baseUrl, key, folder] = process.argv.slice(2);
const client = new Client({ baseUrl, workerId: "node", interval: 50, asyncResponseTimeout: 2000 });
const path = `${folder}/hello.txt`;
writeFileSync(path, "hello file\n");

client.subscribe(`${key}-first`, async ({ task, taskService }) => {
  const variables = new Variables();
  variables.set("text", "grüße");
  variables.set("number", 42);
  variables.set("yes", true);
  variables.setTyped("day", { type: "date", value: new Date("2026-11-24T10:00:00.123Z"), valueInfo: {} });
  variables.setTyped("data", { type: "json", value: { a: [1, "b"] }, valueInfo: {} });
  const file = await new File({ localPath: path, mimetype: "text/plain", encoding: "utf-8" }).load();
  variables.setTyped("file", { type: "file", value: file, valueInfo: {} });
  await taskService.complete(task, variables);
});

client.subscribe(`${key}-second`, async ({ task, taskService }) => {
  const { variables } = task;
  const file = await variables.get("file").load();
  const read = {
    text: variables.get("text"),
    number: variables.get("number"),
    yes: variables.get("yes"),
    day: variables.get("day").toISOString(),
    data: variables.get("data"),
    file: file.content.toString("utf-8"),
    filename: file.filename,
    types: Object.fromEntries(
      Object.entries(variables.getAllTyped()).map(([name, typed]) => [name, typed.type]),
    ),
  };
  await taskService.complete(task);
  console.log("READ " + JSON.stringify(read));
  client.stop();
});
