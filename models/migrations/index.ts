/** Every migration, in the order in which they run. `manage makemigration` adds its line here. */
import type { Migration } from "../migrate.server";
import * as m0001 from "./0001-todos";

export const migrations: Migration[] = [{ name: "0001-todos", ...m0001 }];
