#!/bin/sh
# Creates the roles and schemas that are missing and gives each role the password in its file. Run at every start, so that
# a password that was changed in its file is changed in the database.
set -eu
folder=${LATCHKEY_SECRETS:-/run/secrets}
PGPASSWORD=$(cat "$folder/postgres-password")
export PGPASSWORD
sql=${LATCHKEY_INIT_SQL:-/latchkey/init.sql}
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file "$sql"
for owner in auth codes delivery devices; do
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set role="latchkey_$owner" --set password="$(cat "$folder/$owner-database-password")" <<'END'
ALTER ROLE :"role" PASSWORD :'password';
END
done
