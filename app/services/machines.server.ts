/**
 * Machine endpoints, answered past Remix: by a Request whose body has been read whole, and the same guarded action. A
 * resource route is for hundreds of requests a second; this is for thousands.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppLoadContext, ServerBuild } from "@remix-run/node";
import { matchPath } from "@remix-run/react";
import { DRAIN_LIMIT, gated, type Handle, limitOf } from "./gate.server";
import { pathOf } from "./narrow.server";

type Endpoint = (
  request: IncomingMessage,
  response: ServerResponse,
  context: AppLoadContext,
) => Promise<void>;
type Action = (args: { request: Request; params: object; context: AppLoadContext }) => Promise<Response>;

interface Machine {
  path: string;
  limit: number;
  action: Action;
}

const known = new WeakMap<ServerBuild, Machine[]>();

/** What answers a POST to a path, where that is of a machine endpoint. */
export function machineEndpoint(build: ServerBuild, pathname: string): Endpoint | null {
  for (const { path, limit, action } of machinesOf(build)) {
    const match = matchPath(path, pathname);
    if (match) return (...args) => answer(action, limit, match.params, ...args);
  }
  return null;
}

function machinesOf(build: ServerBuild): Machine[] {
  let machines = known.get(build);
  if (!machines) {
    const routes = Object.values(gated(build).routes).filter(
      ({ module }) => (module.handle as Handle | undefined)?.machine,
    );
    machines = routes.map(({ id, module }) => ({
      path: `/${pathOf(build, id)}`,
      limit: limitOf(module.handle as Handle),
      action: module.action as unknown as Action,
    }));
    known.set(build, machines);
  }
  return machines;
}

async function answer(
  action: Action,
  limit: number,
  params: object,
  request: IncomingMessage,
  response: ServerResponse,
  context: AppLoadContext,
) {
  const body = await read(request, limit).catch(() => null);
  // The sender has left in the midst of it: there is nobody to answer.
  if (!body) return void response.destroy();
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  // The gate refuses what is too large by what it says of itself.
  headers.set("Content-Length", String(body.length));
  const url = `http://localhost${request.url}`;
  const asked = new Request(url, {
    method: "POST",
    headers,
    body: body.length <= limit ? new Uint8Array(body.bytes) : undefined,
  });
  const result = await action({ request: asked, params, context }).catch((thrown: unknown) => {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  });
  response.statusCode = result.status;
  for (const [name, value] of result.headers) response.appendHeader(name, value);
  response.end(Buffer.from(await result.arrayBuffer()));
}

/** The bytes of a body, and how many they were: of one that is too large, none are kept. */
async function read(request: IncomingMessage, limit: number): Promise<{ length: number; bytes: Buffer }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (length > limit + DRAIN_LIMIT) break;
  }
  return { length, bytes: Buffer.concat(chunks) };
}
