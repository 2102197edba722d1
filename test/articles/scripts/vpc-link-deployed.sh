# No integration uses LINK any more, the deployment of prod still does.
. "$(dirname "${BASH_SOURCE[0]}")/vpc-link-in-use.sh"
call PATCH "/restapis/$API/resources/$RESOURCE/methods/ANY/integration" "{\"patchOperations\":[{\"op\":\"replace\",\"path\":\"/connectionId\",\"value\":\"$NEW_LINK\"}]}" >/dev/null
