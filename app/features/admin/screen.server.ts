/** The guard of every screen of a model. No screen gets at its rows but through here. */
import type { Model } from "sequelize";
import type { CurrentUser } from "#models/current-user.server";
import { requireStaff } from "~/services/auth.server";
import { idParam, notFound } from "~/services/http.server";
import { entries, maySee, type Registered, rights } from "./registry.server";

export interface Screen {
  entry: Registered;
  user: CurrentUser;
  may: ReturnType<typeof rights>;
}

type Params = Record<string, string | undefined>;

/**
 * The model that a URL names, for a person who may do `deed` with it, or without one see it.
 *
 * @throws the login; 403 for who is no staff; 404 for what does not exist or may not be seen or done.
 */
export async function screenFor(
  request: Request,
  params: Params,
  deed?: "add" | "change" | "delete",
): Promise<Screen> {
  const user = await requireStaff(request);
  const entry = entries().find(({ feature, key }) => feature === params.feature && key === params.model);
  if (!entry) throw notFound();
  const may = rights(user, entry);
  if (deed ? !may[deed] : !maySee(user, entry)) throw notFound();
  return { entry, user, may };
}

/** The query of the list that one came from: every screen of a row carries it as its own. */
export const searchOf = (request: Request) => new URL(request.url).search;

/** The row that a URL names. @throws 404 */
export async function rowFor({ entry }: Screen, params: Params): Promise<Model> {
  const row = await entry.model.findByPk(idParam(params.id));
  if (!row) throw notFound();
  return row;
}
