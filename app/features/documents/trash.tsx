import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Document } from "#models/document.server";
import { TRASH_DAYS } from "#models/trash.server";
import { pageTitle } from "~/components/page-title";
import { TrashPage } from "~/components/trash-page";
import { requireUser } from "~/services/auth.server";
import { paginate } from "~/services/paginate.server";
import { VaultTabs } from "./tabs";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Deleted documents");

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireUser(request);
  const asked = new URL(request.url).searchParams.get("page");
  const page = paginate(asked, await Document.trashedCount(user), 50);
  return {
    page,
    days: TRASH_DAYS,
    rows: await Document.trashed(user, page),
    isSuperuser: user.isSuperuser,
  };
}

export default function Trash() {
  const { isSuperuser, ...trash } = useLoaderData<typeof loader>();
  return (
    <TrashPage
      noun="document"
      list="/documents"
      {...trash}
      tabs={<VaultTabs current="trash" isSuperuser={isSuperuser} />}
    />
  );
}
