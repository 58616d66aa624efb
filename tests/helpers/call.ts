/** Calls loaders and actions as Remix does, with real requests. */
import type { AppLoadContext } from "@remix-run/node";

type Args = { request: Request; params: Record<string, string>; context: AppLoadContext };

const ORIGIN = "http://tenfold.test";

/** A GET request for a path of this site. */
export const get = (path: string, headers: HeadersInit = {}) => new Request(ORIGIN + path, { headers });

/** A form posted to a path of this site. */
export const post = (path: string, fields: Record<string, string> = {}, headers: HeadersInit = {}) =>
  new Request(ORIGIN + path, { method: "POST", body: new URLSearchParams(fields), headers });

/** What a loader or an action answered, whether it returned or threw it, in the terms of HTTP. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  data: any;
}

/** Calls a loader or an action and returns what it answered. Faults are thrown on. */
export async function call(
  // biome-ignore lint/suspicious/noExplicitAny: loaders and actions of every type.
  handler: (args: any) => unknown,
  request: Request,
  params: Record<string, string> = {},
): Promise<Answer> {
  const args: Args = { request, params, context: {} };
  const result = await Promise.resolve()
    .then(() => handler(args))
    .catch((thrown: unknown) => {
      if (thrown instanceof Error) throw thrown;
      return thrown;
    });
  if (result instanceof Response) return { status: result.status, headers: result.headers, data: null };
  const { type, data, init } = (result ?? {}) as { type?: string; data?: unknown; init?: ResponseInit };
  if (type !== "DataWithResponseInit") return { status: 200, headers: new Headers(), data: result };
  return { status: init?.status ?? 200, headers: new Headers(init?.headers), data };
}
