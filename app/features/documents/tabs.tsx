import { Link } from "@remix-run/react";

const TABS = [
  { name: "documents", to: "/documents", label: "Documents" },
  { name: "trash", to: "/documents/trash", label: "Trash" },
  { name: "vault", to: "/documents/vault", label: "Vault check" },
] as const;

/** The pages of the vault. The last one is for superusers. */
export function Tabs({
  current,
  isSuperuser,
}: {
  current: (typeof TABS)[number]["name"];
  isSuperuser: boolean;
}) {
  return (
    <nav className="tabs" aria-label="Vault">
      {TABS.filter(({ name }) => isSuperuser || name !== "vault").map(({ name, to, label }) => (
        <Link key={name} to={to} aria-current={name === current ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
