/** Another person, in the hands of staff. */
import type { CurrentUser } from "#models/current-user.server";
import { type Rights, User } from "#models/user.server";
import { requireStaff } from "~/services/auth.server";
import { forbidden, idParam, notFound } from "~/services/http.server";

/** Whether somebody may do more than `by`: then their password is not for `by` to set. */
export const mayMore = (by: CurrentUser, { isSuperuser, groups, permissions }: Rights) =>
  !by.isSuperuser &&
  (isSuperuser ||
    groups.some((name) => !by.groups.includes(name)) ||
    permissions.some((name) => !by.permissions.includes(name)));

/**
 * The person that a URL names, for staff who may change people.
 *
 * @throws the login; 403 for who is no staff, or would lay hands on somebody who may do more; 404.
 */
export async function managed(request: Request, params: { id?: string }) {
  const by = await requireStaff(request);
  if (!by.can("change", "user")) throw notFound();
  const user = await User.findByPk(idParam(params.id));
  if (!user) throw notFound();
  if (mayMore(by, await user.rights())) throw forbidden();
  return { by, user };
}
