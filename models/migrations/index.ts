/** Every migration, in the order in which they run. `manage makemigration` adds its line here. */
import type { Migration } from "../migrate.server";
import * as m0001 from "./0001-todos";
import * as m0002 from "./0002-accounts";
import * as m0003 from "./0003-activities";
import * as m0004 from "./0004-blog";
import * as m0005 from "./0005-profile";
import * as m0006 from "./0006-jobs";
import * as m0007 from "./0007-notifications";
import * as m0008 from "./0008-tasks";
import * as m0009 from "./0009-mail";
import * as m0010 from "./0010-contact";
import * as m0011 from "./0011-webhooks";
import * as m0012 from "./0012-inventory";
import * as m0013 from "./0013-chat";
import * as m0014 from "./0014-documents";
import * as m0015 from "./0015-todos-present";
import * as m0016 from "./0016-tasks-present";
import * as m0017 from "./0017-documents-present";
import * as m0018 from "./0018-inventory-counts";
import * as m0019 from "./0019-webhooks-refused";

export const migrations: Migration[] = [
  { name: "0001-todos", ...m0001 },
  { name: "0002-accounts", ...m0002 },
  { name: "0003-activities", ...m0003 },
  { name: "0004-blog", ...m0004 },
  { name: "0005-profile", ...m0005 },
  { name: "0006-jobs", ...m0006 },
  { name: "0007-notifications", ...m0007 },
  { name: "0008-tasks", ...m0008 },
  { name: "0009-mail", ...m0009 },
  { name: "0010-contact", ...m0010 },
  { name: "0011-webhooks", ...m0011 },
  { name: "0012-inventory", ...m0012 },
  { name: "0013-chat", ...m0013 },
  { name: "0014-documents", ...m0014 },
  { name: "0015-todos-present", ...m0015 },
  { name: "0016-tasks-present", ...m0016 },
  { name: "0017-documents-present", ...m0017 },
  { name: "0018-inventory-counts", ...m0018 },
  { name: "0019-webhooks-refused", ...m0019 },
];
