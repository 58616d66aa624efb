/**
 * The guard around every route module: allowed methods (Django's `require_http_methods`), cross-site requests
 * (`CsrfViewMiddleware`), body limits (`DATA_UPLOAD_MAX_MEMORY_SIZE`), the login of a private site
 * (`LoginRequiredMiddleware`). It wraps the build once, so no route can forget it, and a refusal is thrown where an
 * action would throw it: the person sees a page.
 */
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type ServerBuild } from "@remix-run/node";
import type { CurrentUser } from "#models/current-user.server";
import { requireUser } from "./auth.server";
import { config } from "./config.server";
import { rememberContext } from "./context.server";
import { contentTooLarge } from "./http.server";

/** What server.ts knows about a request and tells to loaders, actions and the document. */
declare module "@remix-run/server-runtime" {
  interface Future {
    v3_singleFetch: true;
  }
  interface AppLoadContext {
    /** Allows the inline scripts of this one answer (Content-Security-Policy, `nonce-…`). */
    cspNonce?: string;
    requestId?: string;
    /** The address that the request came from. */
    ip?: string;
    /** Calls `listener` when the answer has gone out or the client has left; Remix's `signal` misses some of that. */
    onClose?(listener: () => void): void;
    /**
     * Resolves when the client has taken what was written so far: true, or false where it has left. Remix writes on
     * without waiting; see `streamed`.
     */
    takesMore?(): Promise<boolean>;
    /** Who is signed in, once somebody has asked. Set by getUser. */
    user?: Promise<CurrentUser | null>;
    /** A browser sent this request on behalf of another site. */
    crossSite?: boolean;
    /** The action refused the form: the page comes again with what is wrong. Set by the gate. */
    invalid?: boolean;
  }
}

type RouteModule = ServerBuild["routes"][string]["module"];
type Exports = { [Name in "default" | "loader" | "action"]?: unknown };

/** What a route module exports as `handle`. */
export interface Handle {
  /** Open to everybody also where REQUIRE_LOGIN makes the site private. */
  public?: boolean;
  /**
   * Machines send to it: from any origin, without a login, and are answered in plain text instead of pages. Its action
   * has to find out who sends, by a signature as an example; neither a cookie nor the network says so.
   */
  machine?: boolean;
  /**
   * Bytes of a request body that its action takes, by default BODY_LIMIT. An action with files needs more than they
   * may have: what the gate refuses is a page that says 413, what `readUpload` refuses is said at the field.
   */
  bodyLimit?: number;
}

/** Bytes of a request body that an action takes. */
const BODY_LIMIT = 1_000_000;
/** Bytes beyond its limit of a body that are read and dropped, so that the client gets to read the answer. */
export const DRAIN_LIMIT = 15_000_000;

/** Bytes of a body that the action of a route takes. */
export const limitOf = ({ bodyLimit = BODY_LIMIT }: Handle) => bodyLimit;

/** The methods that a route module answers, by what it exports. A module with only an action takes POST. */
export function methodsOf({ default: component, loader, action }: Exports): string[] {
  const readable = Boolean(component || loader);
  return [...(readable ? ["GET", "HEAD"] : []), ...(action ? ["POST"] : [])];
}

/** The build with a guard around the loader and the action of every route. */
export function gated(build: ServerBuild): ServerBuild {
  const routes = Object.entries(build.routes).map(([id, route]) => [
    id,
    { ...route, module: guarded(route.module) },
  ]);
  return { ...build, routes: Object.fromEntries(routes) };
}

function guarded(module: RouteModule): RouteModule {
  const methods = methodsOf(module);
  const { loader, action } = module;
  const handle = (module.handle ?? {}) as Handle;
  const { public: isPublic, machine } = handle;
  const isPrivate = config().REQUIRE_LOGIN && !isPublic && !machine;
  const admit = async ({ request, context }: LoaderFunctionArgs) => {
    rememberContext(request, context);
    if (isPrivate) await requireUser(request);
  };
  const read = async (args: LoaderFunctionArgs) => {
    await admit(args);
    return loader ? loader(args) : null;
  };
  const refuseMethod = async (): Promise<never> => {
    throw data(null, {
      status: 405,
      statusText: "Method Not Allowed",
      headers: { Allow: methods.join(", ") },
    });
  };
  const isResource = !module.default && Boolean(loader || machine);
  const refusing = isResource ? inText : asPage;
  return {
    ...module,
    // With a component, what an action throws is drawn by the error page; a resource route would send it bare.
    default: module.default ?? (isResource ? undefined : Nothing),
    loader: methods.includes("GET") ? (loader || isPrivate) && refusing(read) : refusing(refuseMethod),
    action: refusing(async (args: ActionFunctionArgs) => {
      if (!action || args.request.method !== "POST") return refuseMethod();
      if (args.context.crossSite && !machine)
        throw data("cross-site", { status: 403, statusText: "Forbidden" });
      await admit(args);
      const result = await withinLimit(limitOf(handle), args.request, async (request) => {
        rememberContext(request, args.context);
        return action({ ...args, request });
      });
      args.context.invalid = Number(statusOf(result)) >= 400;
      return result;
    }),
  } as RouteModule;
}

const Nothing = () => null;

const asPage = <Work>(work: Work) => work;

/** A resource route has no page to draw a refusal on, and Remix takes what is no Response for a fault of ours. */
const inText =
  <Args>(work: (args: Args) => Promise<unknown>) =>
  (args: Args) =>
    work(args).catch((thrown: { type?: string; init?: ResponseInit }) => {
      if (thrown?.type !== "DataWithResponseInit") throw thrown;
      throw new Response(`${thrown.init?.statusText}\n`, thrown.init);
    });

const statusOf = (result: unknown) => (result as { init?: ResponseInit } | null)?.init?.status;

/** Runs `work` on a body of at most `limit` bytes; answers 413 to a longer one. */
export async function withinLimit<T>(
  limit: number,
  request: Request,
  work: (request: Request) => Promise<T>,
) {
  const length = request.headers.get("Content-Length");
  if (length !== null) {
    // Node's parser has made sure that the body is as long as it says.
    if (Number(length) <= limit) return work(request);
    await drain(request, limit + DRAIN_LIMIT);
    throw contentTooLarge();
  }
  if (!request.body) return work(request);
  const counter = counted(limit);
  const { url, method, headers, signal } = request;
  const body = request.body.pipeThrough(counter.stream);
  return work(new Request(url, { method, headers, signal, body, duplex: "half" })).catch((error: unknown) => {
    throw counter.isOver() ? contentTooLarge() : error;
  });
}

/** Passes a body of unknown length on. A too large one is read to its end and then fails, never just ends. */
function counted(limit: number) {
  let bytes = 0;
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > limit + DRAIN_LIMIT) controller.error(new Error("body too large"));
      else if (bytes <= limit) controller.enqueue(chunk);
    },
    flush(controller) {
      if (bytes > limit) controller.error(new Error("body too large"));
    },
  });
  return { stream, isOver: () => bytes > limit };
}

/** Reads and drops. It does not cancel what is left: that would cut the connection before the answer. */
async function drain({ body }: Request, most: number) {
  const reader = body?.getReader();
  for (let bytes = 0; reader && bytes <= most; ) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
  }
}

/**
 * Whether a browser sent this on behalf of another site. Browsers say so in `Sec-Fetch-Site` (Fetch Metadata);
 * older ones send `Origin`, to be held against the host. A request with neither is from no browser. As in the
 * OWASP cheat sheet on CSRF and Go's `http.CrossOriginProtection`.
 */
export function isCrossSite({
  site,
  origin,
  host,
}: {
  site?: string;
  origin?: string;
  host?: string;
}): boolean {
  if (site) return site !== "same-origin" && site !== "none";
  if (!origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
