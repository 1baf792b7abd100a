// Waits for a task in one long poll; says when it begins to wait, and when the task has come.
import { Client } from "camunda-external-task-client-js";

const [baseUrl, name] = process.argv.slice(2); // of the topic and of the worker
const options = { autoPoll: false, asyncResponseTimeout: 30_000, interval: 30_000 };
const client = new Client({ baseUrl, workerId: name, ...options });
let polls = 0;

client.on("poll:start", () => {
  polls += 1;
  console.log("POLLING");
});
client.subscribe(name, async ({ task, taskService }) => {
  const came = Date.now();
  await taskService.complete(task);
  console.log("READ " + JSON.stringify({ came, polls, errand: task.businessKey }));
  process.exit(0);
});
client.start();
