import { User } from "#models/user.server";
import type { BenchPage, DataSet } from "../pages";

export const pages: BenchPage[] = [
  { name: "login", path: "/accounts/login", data: "small" },
  { name: "account", path: "/accounts", data: "small", signedIn: true },
  { name: "admin-people", path: "/admin/accounts/user", data: "small", signedIn: true },
  {
    name: "admin-people-10k-search",
    path: "/admin/accounts/user?q=person+77",
    data: "large",
    signedIn: true,
  },
];

/** 50 people, and 10,000. */
export async function fill(data: DataSet) {
  const [from, to] = data === "small" ? [1, 50] : [51, 10_000];
  for (let start = from; start <= to; start += 1_000) {
    const count = Math.min(1_000, to - start + 1);
    const usernames = Array.from({ length: count }, (_, n) => `person-${start + n}`);
    await User.bulkCreate(usernames.map((username) => ({ username, email: `${username}@example.com` })));
  }
}
