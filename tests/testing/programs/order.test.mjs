// A model tested with node:test; BATON is the path of a checkout, PYTHON the Python to run it with.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { after, before, beforeEach, test } from "node:test";

let server, url;

before(async () => {
  server = spawn(process.env.PYTHON ?? "python3", ["wsgi.py", "--test"], {
    cwd: process.env.BATON, stdio: ["pipe", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    url = JSON.parse(line).url;
    break;
  }
});
after(() => server.kill());
beforeEach(async () => {
  await call("POST", "/test/reset");
  const form = new FormData();
  form.append("deployment-name", "orders");
  form.append("order.bpmn", new Blob([await readFile(new URL("order.bpmn", import.meta.url))]), "order.bpmn");
  await call("POST", "/deployment/create", form);
});

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const answer = await fetch(url + path, {
    method,
    body: isForm || body === undefined ? body : JSON.stringify(body),
    headers: isForm || body === undefined ? {} : { "Content-Type": "application/json" },
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

async function picked() {
  const { id } = await call("POST", "/process-definition/key/order/start", { businessKey: "A-1" });
  const [task] = await call("GET", `/task?processInstanceId=${id}`);
  await call("POST", `/task/${task.id}/complete`, {});
  await call("POST", "/message", { messageName: "paid", businessKey: "A-1" });
  const [work] = await call("POST", "/external-task/fetchAndLock", {
    workerId: "w", maxTasks: 1, topics: [{ topicName: "pick", lockDuration: 60000 }],
  });
  return { id, work };
}
const state = async (id) => (await call("GET", `/history/process-instance/${id}`)).state;

test("an order is shipped after three days", async () => {
  const { id, work } = await picked();
  await call("POST", `/external-task/${work.id}/complete`, { workerId: "w" });
  assert.equal(await state(id), "ACTIVE");
  const clock = await call("POST", "/test/clock", { advance: "P3D", run: true });
  assert.deepEqual(clock.ran.map((job) => job.activityId), ["cooling"]);
  assert.equal(await state(id), "COMPLETED");
});

test("an order is cancelled when the goods are missing", async () => {
  const { id, work } = await picked();
  await call("POST", `/external-task/${work.id}/bpmnError`, { workerId: "w", errorCode: "SOLD_OUT" });
  assert.equal(await state(id), "COMPLETED");
  const visited = await call("GET", `/history/activity-instance?processInstanceId=${id}&activityId=cancelled`);
  assert.equal(visited.length, 1);
});
