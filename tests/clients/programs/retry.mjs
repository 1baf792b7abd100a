// Fails a task once, with a retry left, and completes it the second time.
import { Client } from "camunda-external-task-client-js";

const [baseUrl, name] = process.argv.slice(2); // of the topic and of the worker
const client = new Client({ baseUrl, workerId: name, interval: 50, asyncResponseTimeout: 5000 });
const read = [];

client.subscribe(name, async ({ task, taskService }) => {
  read.push([task.retries, task.errorMessage, task.errorDetails]);
  if (read.length === 1) {
    const failure = { errorMessage: "out of paper", errorDetails: "tray 2", retries: 2 };
    await taskService.handleFailure(task, { ...failure, retryTimeout: 100 });
  } else {
    await taskService.complete(task);
    console.log("READ " + JSON.stringify(read));
    process.exit(0);
  }
});
