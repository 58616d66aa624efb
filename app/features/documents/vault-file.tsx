import { FileField } from "~/components/file-field";
import { sizeWords } from "~/components/file-size";
import type { Problem } from "~/components/problem";
import { useChosenFile } from "~/components/upload";

interface VaultFileProps {
  label: string;
  /** What to know besides its limit. */
  hint?: string;
  maxBytes: number;
  /** Files that may be chosen; without it one. */
  most?: number;
  problem: Problem | undefined;
}

/** The field of a file for the vault. */
export function VaultFile({ label, hint = "", maxBytes, most = 1, problem }: VaultFileProps) {
  const chosen = useChosenFile({ label: "The file", maxBytes });
  const limit = `Up to ${sizeWords(maxBytes)}${most > 1 ? ` each, up to ${most} at once` : ""}`;
  return (
    <FileField
      name="file"
      label={label}
      hint={[limit, hint].filter(Boolean).join(". ")}
      chosen={chosen}
      problem={problem}
      multiple={most > 1}
    />
  );
}
