import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Todo } from "#models/todo.server";
import { TRASH_DAYS } from "#models/trash.server";
import { pageTitle } from "~/components/page-title";
import { TrashPage } from "~/components/trash-page";
import { paginate } from "~/services/paginate.server";
import { TodoTabs } from "./tabs";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Deleted to-dos");

export async function loader({ request }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams.get("page");
  const page = paginate(asked, await Todo.trashedCount(), 50);
  return { page, days: TRASH_DAYS, rows: await Todo.trashed(page) };
}

export default function Trash() {
  const trash = useLoaderData<typeof loader>();
  return <TrashPage noun="to-do" list="/todos" {...trash} tabs={<TodoTabs current="trash" />} mayEmpty />;
}
