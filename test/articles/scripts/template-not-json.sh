# POST /notes sends what request.vtl makes of its body to a function, which answers with the note.
cat >request.vtl <<'END'
{"name": $input.path('$.nme'), "note": "$input.path('$.note')"}
END
echo '{"name": "Dana", "note": "say \"hi\""}' >body.json
new_function 'def handler(event, context): return event'
new_api
new_resource notes; method POST
integration POST "$(URI=$(invoke_uri) python3 -c 'import json,os; print(json.dumps({"type":"AWS","httpMethod":"POST","uri":os.environ["URI"],"requestTemplates":{"application/json":open("request.vtl").read()}}))')"
method_response POST 200; integration_response POST 200
permit
deploy
