/** Every URL and the module behind it, feature by feature: the table of contents. */
import { index, type RouteConfig, route } from "@remix-run/route-config";

export default [
  index("features/home/home.tsx"),

  // Accounts
  route("accounts", "features/accounts/account.tsx"),
  route("accounts/login", "features/accounts/login.tsx"),
  route("accounts/logout", "features/accounts/logout.ts"),
  route("accounts/password_change", "features/accounts/password-change.tsx"),
  route("accounts/password_reset", "features/accounts/password-reset.tsx"),
  route("accounts/reset/:token", "features/accounts/reset.tsx"),
  route("accounts/sessions", "features/accounts/sessions.tsx"),
  route("accounts/sessions/:id/end", "features/accounts/end-session.ts"),
  route("accounts/sessions/end_others", "features/accounts/end-other-sessions.ts"),
  route("accounts/setup/:token", "features/accounts/setup.tsx"),
  route("admin/accounts/user/:id/password", "features/accounts/admin-password.tsx"),
  route("admin/accounts/user/:id/sessions", "features/accounts/admin-sessions.tsx"),

  // Admin
  route("admin", "features/admin/index.tsx"),
  route("admin/:feature/:model", "features/admin/list.tsx"),
  route("admin/:feature/:model/add", "features/admin/add.tsx"),
  route("admin/:feature/:model/action", "features/admin/bulk.tsx"),
  route("admin/:feature/:model/export.csv", "features/admin/export.ts"),
  route("admin/:feature/:model/:id/change", "features/admin/change.tsx"),
  route("admin/:feature/:model/:id/delete", "features/admin/delete.tsx"),
  route("admin/:feature/:model/:id/history", "features/admin/history.tsx"),

  // Blog
  route("posts", "features/blog/list.tsx"),
  route("posts/new", "features/blog/new.tsx"),
  route("posts/feed.xml", "features/blog/feed.ts"),
  route("posts/:slug", "features/blog/post.tsx"),
  route("posts/:slug/edit", "features/blog/edit.tsx"),
  route("media/posts/:name", "features/blog/picture-file.ts"),
  route("sitemap.xml", "features/blog/sitemap.ts"),

  // Chat: the rooms, and beside them the one that one is in. Sockets are at /ws/chat/:room
  route("chat", "features/chat/rooms.tsx", [
    index("features/chat/index.tsx"),
    route(":room", "features/chat/room.tsx"),
    route(":room/:seq/edit", "features/chat/edit.tsx"),
  ]),

  // Profile
  route("profile", "features/profile/profile.tsx"),
  route("people/:username", "features/profile/person.tsx"),
  route("media/avatars/:name", "features/profile/avatar-file.ts"),

  // Notifications
  route("notifications", "features/notifications/list.tsx"),

  // Tasks
  route("tasks", "features/tasks/list.tsx"),
  route("tasks/trash", "features/tasks/trash.tsx"),
  route("tasks/:id", "features/tasks/task.tsx"),
  route("tasks/:id/events", "features/tasks/events.ts"),
  route("tasks/:id/edit", "features/tasks/edit.tsx"),
  route("tasks/:id/complete", "features/tasks/complete.ts"),
  route("tasks/:id/reopen", "features/tasks/reopen.ts"),
  route("tasks/:id/delete", "features/tasks/delete.ts"),
  route("tasks/:id/restore", "features/tasks/restore.ts"),
  route("tasks/:id/erase", "features/tasks/erase.ts"),

  // Contact
  route("contact", "features/contact/contact.tsx"),

  // Webhooks
  route("webhooks", "features/webhooks/inbox.tsx", [
    index("features/webhooks/overview.tsx"),
    route("events/:id", "features/webhooks/event.tsx"),
  ]),
  route("webhooks/events/export.csv", "features/webhooks/export.ts"),
  route("webhooks/events/live", "features/webhooks/live.ts"),
  route("webhooks/events/process", "features/webhooks/process-all.ts"),
  route("webhooks/events/:id/body", "features/webhooks/body.ts"),
  route("webhooks/events/:id/process", "features/webhooks/process-one.ts"),
  route("webhooks/:provider", "features/webhooks/receive.ts"),

  // Inventory: the list, and beside it what one looks at
  route("inventory", "features/inventory/list.tsx", [
    route("new", "features/inventory/new.tsx"),
    route(":id", "features/inventory/item.tsx"),
    route(":id/edit", "features/inventory/edit.tsx"),
  ]),
  route("inventory/export.csv", "features/inventory/export.ts"),

  // Documents
  route("documents", "features/documents/list.tsx"),
  route("documents/upload", "features/documents/upload.tsx"),
  route("documents/trash", "features/documents/trash.tsx"),
  route("documents/vault", "features/documents/vault.tsx"),
  route("documents/:id", "features/documents/document.tsx"),
  route("documents/:id/edit", "features/documents/edit.tsx"),
  route("documents/:id/download", "features/documents/download.ts"),
  route("documents/:id/preview", "features/documents/preview.ts"),
  route("documents/:id/delete", "features/documents/delete.ts"),
  route("documents/:id/restore", "features/documents/restore.ts"),
  route("documents/:id/erase", "features/documents/erase.ts"),

  // To-dos
  route("todos", "features/todos/list.tsx"),
  route("todos/toggle-all", "features/todos/toggle-all.ts"),
  route("todos/clear-completed", "features/todos/clear-completed.ts"),
  route("todos/restore-completed", "features/todos/restore-completed.ts"),
  route("todos/trash", "features/todos/trash.tsx"),
  route("todos/trash/empty", "features/todos/empty-trash.ts"),
  route("todos/:id/edit", "features/todos/edit.tsx"),
  route("todos/:id/toggle", "features/todos/toggle.ts"),
  route("todos/:id/delete", "features/todos/delete.ts"),
  route("todos/:id/restore", "features/todos/restore.ts"),
  route("todos/:id/erase", "features/todos/erase.ts"),

  // Weather
  route("weather", "features/weather/weather.tsx"),

  // What no other URL matches
  route("*", "features/home/not-found.tsx"),
] satisfies RouteConfig;
