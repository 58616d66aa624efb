import * as files from "~/services/files.server";

/** Nothing points to them: what replaced them, or deleted them for good, is committed. */
export default async function removeFiles({ keys }: { keys: string[] }) {
  await files.remove(...keys);
}
