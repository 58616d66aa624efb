/** The table of who may use what: a row for every method of every URL. tests/house/access.test.ts holds that it is whole. */
import type { AccessRow } from "./access";

const files = import.meta.glob<{ access: AccessRow[] }>("../features/*/access.ts", { eager: true });

export const accessRows = Object.values(files).flatMap(({ access }) => access);

/** The path that stands for a row: its own, or 1 for each parameter. */
export const pathOf = ({ url, path }: AccessRow) => path ?? url.replace(/^\w+ /, "").replace(/:\w+/g, "1");
