# POST /upload takes anything.
new_api
new_resource upload; mock POST '{"ok": true}'
deploy
