/** Calls the screens of the admin. */
import * as add from "~/features/admin/add";
import * as bulk from "~/features/admin/bulk";
import * as change from "~/features/admin/change";
import * as remove from "~/features/admin/delete";
import * as exportCsv from "~/features/admin/export";
import type { FormView } from "~/features/admin/form.server";
import * as history from "~/features/admin/history";
import * as index from "~/features/admin/index";
import * as list from "~/features/admin/list";
import { call, get } from "../../helpers/call";
import { postFiles } from "../../helpers/uploads";

type Handler = Parameters<typeof call>[0];
type Parts = Parameters<typeof postFiles>[1];
type Fields = Record<string, string | string[]>;

const ORIGIN = "http://tenfold.test";
const params = (feature: string, model: string, id?: number | string) => ({
  feature,
  model,
  ...(id !== undefined && { id: String(id) }),
});

/** A form with names that may repeat. */
function post(path: string, fields: Fields, cookie: string) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(name, one);
  return new Request(ORIGIN + path, { method: "POST", body, headers: { Cookie: cookie } });
}

/** The admin of one model, as one person sees it. */
export function adminOf(cookie: string, feature = "samples", model = "sample") {
  const base = `/admin/${feature}/${model}`;
  const read = (path: string) => get(path, { Cookie: cookie });
  const view = (handler: Handler, path: string, id?: number | string) =>
    call(handler, read(`${base}${path}`), params(feature, model, id));
  const send = (handler: Handler, path: string, fields: Fields, id?: number | string) =>
    call(handler, post(`${base}${path}`, fields, cookie), params(feature, model, id));
  const upload = (handler: Handler, path: string, parts: Parts, id?: number | string) =>
    call(handler, postFiles(`${base}${path}`, parts, { Cookie: cookie }), params(feature, model, id));
  return {
    index: () => call(index.loader, read("/admin")),
    list: (query = "") => view(list.loader, query),
    addForm: () => view(add.loader, "/add"),
    add: (fields: Fields, query = "") => send(add.action, `/add${query}`, fields),
    form: (id: number | string) => view(change.loader, `/${id}/change`, id),
    change: (id: number | string, fields: Fields, query = "") =>
      send(change.action, `/${id}/change${query}`, fields, id),
    /** Like `add` and `change`, by the form of a model with files. */
    addWith: (parts: Parts) => upload(add.action, "/add", parts),
    changeWith: (id: number | string, parts: Parts) => upload(change.action, `/${id}/change`, parts, id),
    preview: (id: number | string) => view(remove.loader, `/${id}/delete`, id),
    delete: (id: number | string, query = "") => send(remove.action, `/${id}/delete${query}`, {}, id),
    history: (id: number | string) => view(history.loader, `/${id}/history`, id),
    restore: (id: number | string, version: number | string, more: Fields = {}, query = "") =>
      send(history.action, `/${id}/history${query}`, { version: String(version), ...more }, id),
    bulk: (fields: Fields, query = "") => send(bulk.action, `/action${query}`, fields),
    async csv(query = "") {
      const response = await exportCsv.loader({
        request: read(`${base}/export.csv${query}`),
        params: params(feature, model),
        context: {},
      });
      return response.text();
    },
    exported: (query = "") => view(exportCsv.loader, `/export.csv${query}`),
  };
}

/** What a form that was just opened would send unchanged. */
export async function opened(
  admin: ReturnType<typeof adminOf>,
  id: number | string,
): Promise<Record<string, string>> {
  const { view }: { view: FormView } = (await admin.form(id)).data;
  const files = view.sections.flatMap(({ fields }) => fields.filter(({ widget }) => widget === "file"));
  const values = Object.entries(view.values).filter(([name]) => !files.some((file) => file.name === name));
  return { ...Object.fromEntries(values), _version: view.version };
}
