import { sweepTrash } from "#models/trash.server";

export default async function emptyTrash() {
  await sweepTrash();
}
