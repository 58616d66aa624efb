import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Task } from "#models/task.server";
import { TRASH_DAYS } from "#models/trash.server";
import { pageTitle } from "~/components/page-title";
import { TrashPage } from "~/components/trash-page";
import { paginate } from "~/services/paginate.server";
import { getUser } from "~/services/session.server";
import { TaskTabs } from "./tabs";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Deleted tasks");

export async function loader({ request }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams.get("page");
  const page = paginate(asked, await Task.trashedCount(), 50);
  return {
    page,
    days: TRASH_DAYS,
    rows: await Task.trashed(page),
    isSignedIn: Boolean(await getUser(request)),
  };
}

export default function Trash() {
  const { isSignedIn, ...trash } = useLoaderData<typeof loader>();
  return (
    <TrashPage
      noun="task"
      list="/tasks"
      {...trash}
      tabs={<TaskTabs current="trash" isSignedIn={isSignedIn} />}
    />
  );
}
