/** Which document a request is about, for who may see it. Whatever else it asks for is the same 404. */
import { Document } from "#models/document.server";
import { requireUser } from "~/services/auth.server";
import { idParam, notFound } from "~/services/http.server";

/** @throws the login; 404 where there is no such document, it is in the trash, or somebody else's. */
export async function documentFor(request: Request, { id }: { id?: string }) {
  const user = await requireUser(request);
  const document = await Document.find(idParam(id), user);
  if (!document) throw notFound();
  return { user, document };
}

/** Those who may look at the vault as a whole. @throws the login; for everybody else the 404 of a document. */
export async function requireSuperuser(request: Request) {
  const user = await requireUser(request);
  if (!user.isSuperuser) throw notFound();
  return user;
}
