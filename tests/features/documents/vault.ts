/** People with documents, for tests of the vault. */

import type { CurrentUser } from "#models/current-user.server";
import { Document } from "#models/document.server";
import { User } from "#models/user.server";
import { loader as downloadLoader } from "~/features/documents/download";
import { keep } from "~/features/documents/keep.server";
import { getUser } from "~/services/session.server";
import { get } from "../../helpers/call";
import { signedIn } from "../../helpers/people";

export interface Person {
  cookie: { Cookie: string };
  user: CurrentUser;
}

/** Somebody who is signed in, as requests see them. */
export async function person(username: string, values: { isSuperuser?: boolean; groups?: string[] } = {}) {
  const { groups = [], ...rest } = values;
  const { user, cookie } = await signedIn({ username, ...rest });
  if (groups.length > 0) await user.setGroups(groups);
  return (await again(cookie))!;
}

/** The same person by another request. */
async function again(cookie: string): Promise<Person | null> {
  const user = await getUser(get("/", { Cookie: cookie }));
  return user && { cookie: { Cookie: cookie }, user };
}

/** Puts somebody into groups who is signed in already. */
export async function join({ user, cookie }: Person, ...groups: string[]) {
  await (await User.findByPk(user.id))!.setGroups(groups);
  return (await again(cookie.Cookie))!;
}

/** Keeps a document without a form. @returns its id. */
export async function document(
  owner: Person,
  {
    bytes = "Hello",
    filename = "hello.txt",
    title = "Hello",
  }: { bytes?: Buffer | string; filename?: string; title?: string } = {},
) {
  const content = await keep([Buffer.from(bytes)], filename);
  const ids = await Document.add([{ ...content, title }], owner.user);
  return ids![0]!;
}

/** Downloads a document as Remix would have it done; of an answer without a body none is read. */
export async function download(
  who: Person,
  id: number | string,
  headers: Record<string, string> = {},
  method = "GET",
) {
  const request = new Request(`http://tenfold.test/documents/${id}/download`, {
    method,
    headers: { ...who.cookie, ...headers },
  });
  const answer = await (
    downloadLoader({ request, params: { id: String(id) }, context: {} }) as Promise<Response>
  ).catch((thrown: unknown) => thrown as Response | { init: ResponseInit });
  if (!(answer instanceof Response))
    return { status: answer.init.status!, headers: new Headers(), bytes: Buffer.alloc(0) };
  const { status, headers: sent } = answer;
  return { status, headers: sent, bytes: Buffer.from(await answer.arrayBuffer()) };
}
