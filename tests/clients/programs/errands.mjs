// Does with each task what its business key says, until as many tasks are done as are asked for.
import { Client, Variables } from "camunda-external-task-client-js";

const [baseUrl, name, wanted] = process.argv.slice(2); // of the topic and of the worker
const client = new Client({ baseUrl, workerId: name, autoPoll: false, interval: 60_000 });
const variables = (name, value) => new Variables().set(name, value);
const failure = { errorMessage: "out of paper", errorDetails: "tray 2", retries: 0, retryTimeout: 0 };
const errands = {
  done: (task, service) => service.complete(task, variables("answer", 42), variables("local", 1)),
  failed: (task, service) => service.handleFailure(task, failure),
  refused: (task, service) =>
    service.handleBpmnError(task, "FOG", "not today", variables("reason", "fog")),
  kept: () => {},
  extended: (task, service) => service.extendLock(task, 3_600_000),
  freed: (task, service) => service.unlock(task),
  locked: async (task, service) => {
    await service.unlock(task);
    await service.lock(task, 7_200_000);
  },
};
const read = {};

client.subscribe(name, async ({ task, taskService }) => {
  read[task.businessKey] = task.variables.getAll();
  await errands[task.businessKey](task, taskService);
});
client.on("handler:error", (error) => {
  console.error(error);
  process.exit(1);
});
let done = 0;
client.on("handler:success", () => {
  done += 1;
  if (done === Number(wanted)) {
    console.log("READ " + JSON.stringify(read));
    process.exit(0);
  }
});
client.start();
