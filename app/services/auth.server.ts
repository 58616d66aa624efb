/** Guards: what Django's `login_required` and `permission_required` stand for. A loader or action calls one first. */
import { redirect } from "@remix-run/node";
import type { CurrentUser } from "#models/current-user.server";
import type { Action } from "#models/permission.server";
import { redirectWithFlash } from "./flash.server";
import { forbidden, safePath } from "./http.server";
import { getUser } from "./session.server";

/** Where one signs in, and what leads back from there. */
const loginPath = (next: string) => `/accounts/login?${new URLSearchParams({ next: safePath(next) })}`;

/**
 * Who is signed in.
 *
 * @throws a redirect to the login, which leads back to this page: or, for a form, to the page with the form.
 */
export async function requireUser(request: Request): Promise<CurrentUser> {
  const user = await getUser(request);
  if (user) return user;
  const { pathname, search } = new URL(request.url);
  if (request.method !== "POST") throw redirect(loginPath(pathname + search));
  const text = "Sign in first. Nothing was changed; send the form again afterwards.";
  throw await redirectWithFlash(request, loginPath(formPage(request)), { kind: "error", text });
}

/** Staff, who run the place. @throws the login, or 403. */
export async function requireStaff(request: Request): Promise<CurrentUser> {
  const user = await requireUser(request);
  if (!user.isStaff) throw forbidden();
  return user;
}

/** Who may do that with a model, like `requirePermission(request, "change", "todo")`. @throws the login, or 403. */
export async function requirePermission(
  request: Request,
  action: Action,
  model: string,
): Promise<CurrentUser> {
  const user = await requireUser(request);
  if (!user.can(action, model)) throw forbidden();
  return user;
}

/** The page that a form was sent from, by `Referer`; the start page where that is not told. */
function formPage(request: Request) {
  const from = request.headers.get("Referer") ?? "";
  if (!URL.canParse(from)) return "/";
  const { host, pathname, search } = new URL(from);
  return host === new URL(request.url).host ? pathname + search : "/";
}
