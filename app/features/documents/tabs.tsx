import { type Tab, Tabs } from "~/components/tabs";

type Name = "documents" | "trash" | "vault";

const TABS: Tab<Name>[] = [
  { name: "documents", to: "/documents", label: "Documents" },
  { name: "trash", to: "/documents/trash", label: "Trash" },
  { name: "vault", to: "/documents/vault", label: "Vault check" },
];

/** The pages of the vault. The last one is for superusers. */
export const VaultTabs = ({ current, isSuperuser }: { current: Name; isSuperuser: boolean }) => (
  <Tabs label="Vault" tabs={TABS.filter(({ name }) => isSuperuser || name !== "vault")} current={current} />
);
