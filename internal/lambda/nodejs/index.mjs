// Runs Node.js functions: a client of the Lambda Runtime API.
//
// Loads the handler once, then asks for one event after the other over one
// connection. The answer to an event asks for the next one too (Gatehouse-Next),
// so that a warm invocation is one request and wakes this process once.
import { createRequire } from "node:module";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import util from "node:util";
import { pathToFileURL } from "node:url";

const api = "/2018-06-01/runtime";
const maximumLogEvent = 256 * 1024;
const address = process.env.AWS_LAMBDA_RUNTIME_API;
let requestId; // of the current invocation

// ---- log

// writeAll writes to a pipe that may be in non-blocking mode, because streams
// of Node.js put it there.
function writeAll(descriptor, data) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (data.length > 0) {
    try {
      data = data.subarray(fs.writeSync(descriptor, data));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

// writeLogEvent writes one log event that may hold line breaks.
function writeLogEvent(level, message) {
  const text = `${new Date().toISOString()}\t${requestId}\t${level}\t${message}`;
  let data = Buffer.from(text);
  if (data.length > maximumLogEvent) data = data.subarray(0, maximumLogEvent);
  const head = Buffer.from([0x00, 0xa5, 0, 0, 0, 0]);
  head.writeUInt32BE(data.length, 2);
  writeAll(1, Buffer.concat([head, data]));
}

const levels = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", fatal: "FATAL" };
for (const [name, level] of Object.entries(levels)) {
  console[name] = (...values) => writeLogEvent(level, util.format(...values));
}

// ---- errors

class RuntimeError extends Error {
  constructor(name, message, cause) {
    super(message);
    this.name = name;
    this.stack = `${name}: ${cause?.stack ?? message}`;
  }
}

function isError(value) {
  return value !== null && typeof value === "object" && typeof value.name === "string" &&
    typeof value.message === "string" && typeof value.stack === "string";
}

// ownTrace ends where the function was called: what is below is this file's.
function ownTrace(stack) {
  const lines = stack.split("\n");
  const call = lines.findIndex((line) => line.includes("at Runtime.handleOnce"));
  return call < 0 ? lines : lines.slice(0, call + 1);
}

// errorDocument is what the caller of the function gets.
function errorDocument(error) {
  try {
    if (isError(error)) {
      return { errorType: error.name, errorMessage: error.message, trace: ownTrace(error.stack) };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: "handled", errorMessage: "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack", trace: [] };
  }
}

// errorText is what the log gets: the document with what else the error holds.
function errorText(error) {
  const { errorType, errorMessage, trace } = errorDocument(error);
  const extra = isError(error) ? Object.fromEntries(Object.entries(error).filter(([key]) => key !== "name")) : {};
  try {
    return JSON.stringify({ errorType, errorMessage, ...extra, stack: trace });
  } catch {
    return JSON.stringify({ errorType, errorMessage, stack: trace });
  }
}

// ---- Runtime API

// Connection knows as much of HTTP as the Runtime API needs.
class Connection {
  constructor() {
    const [host, port] = address.split(":");
    this.socket = net.connect({ host, port: Number(port), noDelay: true });
    this.chunks = [];
    this.size = 0;
    this.expected = 0; // bytes needed before it is worth looking again
    this.waiting = []; // one callback for each answer to come
    this.next = `GET ${api}/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`;
    this.socket.on("data", (chunk) => this.take(chunk));
    this.socket.on("close", () => process.exit(0));
    this.socket.on("error", () => process.exit(0)); // the service is gone
  }

  take(chunk) {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.size > 0 && this.size >= this.expected && this.parse());
  }

  // parse answers true when it found a complete answer.
  parse() {
    const all = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
    this.chunks = [all];
    const end = all.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const lines = all.toString("utf8", 0, end).split("\r\n");
    const headers = {};
    for (let i = 1; i < lines.length; i++) {
      const colon = lines[i].indexOf(":");
      headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 1).trim();
    }
    const length = Number(headers["content-length"] ?? 0);
    const total = end + 4 + length;
    if (all.length < total) {
      this.expected = total;
      return false;
    }
    const rest = all.subarray(total);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.size = rest.length;
    this.expected = 0;
    this.waiting.shift()?.(Number(lines[0].split(" ")[1]), headers, all.subarray(end + 4, total));
    return true;
  }

  // answered gets the next event, unless the answer was refused and with it the question.
  answered(status, headers, event) {
    if (status === 400 || status === 413) this.askNext();
    else begin(status, headers, event);
  }

  askNext() {
    this.socket.ref();
    this.socket.write(this.next);
    this.waiting.push(begin);
  }

  // post sends an answer or an error and calls done when it was taken.
  post(target, body, options = {}) {
    const data = Buffer.from(body);
    const type = options.errorType ? `Lambda-Runtime-Function-Error-Type: ${headerText(options.errorType)}\r\n` : "";
    const head = `POST ${api}${target} HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\n${type}${options.andNext ? "Gatehouse-Next: 1\r\n" : ""}Content-Length: ${data.length}\r\n\r\n`;
    this.socket.ref();
    this.socket.cork();
    this.socket.write(head);
    this.socket.write(data);
    this.waiting.push(options.andNext ? (status, headers, event) => this.answered(status, headers, event) : options.done);
    this.socket.uncork();
  }
}

function headerText(text) {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

// ---- one invocation

let current; // { id, context, whenLoopIsEmpty }, undefined between invocations

function begin(status, headers, body) {
  if (status !== 200) process.exit(0); // the environment is ending
  requestId = headers["lambda-runtime-aws-request-id"];
  if (headers["lambda-runtime-trace-id"] !== undefined) process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  else delete process.env._X_AMZN_TRACE_ID;
  const invocation = { id: requestId, waits: true };
  // Without an answer until the event loop is empty, the answer is null.
  invocation.whenLoopIsEmpty = () => succeed(invocation, null);
  current = invocation;
  connection.socket.unref(); // the function alone keeps the event loop alive
  try {
    runtime.handleOnce(invocation, JSON.parse(body.toString()), makeContext(invocation, headers));
  } catch (error) {
    fail(invocation, error);
  }
}

// Runtime calls the handler as its method, because that is what people find in
// the traces of their errors.
class Runtime {
  constructor(handler) {
    this.handler = handler;
  }

  handleOnce(invocation, event, context) {
    const result = this.handler(event, context, (error, value) => callback(invocation, error, value));
    if (result && typeof result.then === "function") {
      result.then((value) => succeed(invocation, value), (error) => fail(invocation, error));
    }
  }
}

// callback waits for the event loop to be empty, unless the function says not to.
function callback(invocation, error, value) {
  if (error !== undefined && error !== null) fail(invocation, error);
  else if (invocation.waits) invocation.whenLoopIsEmpty = () => succeed(invocation, value);
  else setImmediate(() => succeed(invocation, value));
}

function succeed(invocation, value) {
  if (current !== invocation) return;
  let body;
  try {
    body = JSON.stringify(value === undefined ? null : value) ?? "null";
  } catch {
    fail(invocation, new Error("Unable to stringify response body"));
    return;
  }
  current = undefined;
  connection.post(`/invocation/${invocation.id}/response`, body, { andNext: true });
}

function fail(invocation, error) {
  if (current !== invocation) return;
  current = undefined;
  console.error(`Invoke Error \t${errorText(error)}`);
  const document = errorDocument(error);
  connection.post(`/invocation/${invocation.id}/error`, JSON.stringify(document), { errorType: document.errorType, andNext: true });
}

process.on("beforeExit", () => current?.whenLoopIsEmpty());

function makeContext(invocation, headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"] ?? 0);
  const finish = (error, value) => {
    invocation.waits = false;
    callback(invocation, error, value);
  };
  return {
    get callbackWaitsForEmptyEventLoop() { return invocation.waits; },
    set callbackWaitsForEmptyEventLoop(value) { invocation.waits = value; },
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse(headers["lambda-runtime-client-context"]),
    identity: parse(headers["lambda-runtime-cognito-identity"]),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: invocation.id,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: finish,
    succeed: (value) => finish(null, value),
    fail: (error) => finish(error === undefined || error === null ? "handled" : error),
  };
}

function parse(text) {
  return text ? JSON.parse(text) : undefined;
}

// ---- init

// findFile answers the file of a module, with or without its extension.
function findFile(module) {
  for (const extension of ["", ".js", ".mjs", ".cjs"]) {
    const file = module + extension;
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  }
  return undefined;
}

// isModule answers whether a file is an ECMAScript module.
function isModule(file) {
  if (file.endsWith(".mjs")) return true;
  if (!file.endsWith(".js")) return false;
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const description = path.join(directory, "package.json");
    if (fs.existsSync(description)) {
      try {
        return JSON.parse(fs.readFileSync(description, "utf8")).type === "module";
      } catch {
        return false;
      }
    }
    if (directory === path.dirname(directory)) return false;
  }
}

async function loadModule(root, module) {
  const file = findFile(path.resolve(root, module));
  if (file !== undefined && isModule(file)) return import(pathToFileURL(file).href);
  const require = createRequire(import.meta.url);
  return require(file ?? require.resolve(module, { paths: [root] }));
}

// load answers the function a handler such as folder/module.function names.
async function load(name) {
  const base = path.basename(name);
  const match = /^([^.]*)\.(.+)$/.exec(base);
  if (!match || name.includes("..")) {
    throw new RuntimeError("Runtime.MalformedHandlerName", name.includes("..") ? `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.` : "Bad handler");
  }
  const root = process.env.LAMBDA_TASK_ROOT;
  let module;
  try {
    module = await loadModule(root, path.join(path.dirname(name), match[1]));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("Runtime.UserCodeSyntaxError", String(error), error);
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw new RuntimeError("Runtime.ImportModuleError", String(error), error);
    }
    throw error;
  }
  let found = module;
  for (const part of match[2].split(".")) found = found?.[part];
  if (found === undefined) {
    found = match[2].split(".").reduce((value, part) => value?.[part], module.default);
  }
  if (found === undefined || found === null) {
    throw new RuntimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof found !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${name} is not a function`);
  return found;
}

// exitWith reports an error that no handler caught, and ends the process.
function exitWith(code, label, error) {
  console.error(`${label} \t${errorText(error)}`);
  const document = errorDocument(error);
  const target = current ? `/invocation/${current.id}/error` : "/init/error";
  current = undefined;
  connection.post(target, JSON.stringify(document), { errorType: document.errorType, done: () => process.exit(code) });
}

process.on("uncaughtException", (error) => exitWith(129, "Uncaught Exception", error));
process.on("unhandledRejection", (reason, promise) => {
  const error = new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason), isError(reason) ? reason : undefined);
  error.reason = isError(reason) ? { errorType: reason.name, errorMessage: reason.message, stack: ownTrace(reason.stack) } : reason;
  error.promise = promise;
  exitWith(128, "Unhandled Promise Rejection", error);
});

globalThis.awslambda = {
  streamifyResponse() {
    throw new RuntimeError("Runtime.ResponseStreamingNotSupported", "awslambda.streamifyResponse is not supported by this server");
  },
};

let runtime;
const connection = new Connection();
try {
  runtime = new Runtime(await load(process.env._HANDLER));
  connection.askNext();
} catch (error) {
  exitWith(1, "Uncaught Exception", error);
}
