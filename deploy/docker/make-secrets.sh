#!/bin/sh
# Makes the secrets of docker-compose.yml, each in a file of its own: sh deploy/docker/make-secrets.sh [folder]
# The folder is for its owner alone. The files in it can be read by everybody who gets there, since a container's user,
# to whom Compose gives them as they are, is another one. What is there already is kept.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
# A secret of a name: the text that is given, or a random one.
secret() {
  [ -s "$folder/$1" ] || printf '%s\n' "${2:-$(random)}" > "$folder/$1"
  chmod 444 "$folder/$1"
}
value() { cat "$folder/$1"; }

for owner in auth codes delivery devices; do
  secret "$owner-database-password"
  secret "$owner-database-url" "postgres://latchkey_$owner:$(value "$owner-database-password")@postgres:5432/latchkey"
done
for part in postgres redis rabbitmq inbox grafana; do secret "$part-password"; done
secret amqp-url "amqp://latchkey:$(value rabbitmq-password)@rabbitmq:5672/latchkey"
secret amqp-management-url "http://latchkey:$(value rabbitmq-password)@rabbitmq:15672"
secret redis-url "redis://:$(value redis-password)@redis:6379"
secret sealing-keys "k1:$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
secret aws-credentials "[default]
aws_access_key_id = latchkey-dev
aws_secret_access_key = $(value inbox-password)"

# The images of RabbitMQ and Redis take a password from no file; Compose gives them these.
cat > "$folder/compose.env" <<END
LATCHKEY_SECRETS=$(cd "$folder" && pwd)
LATCHKEY_POSTGRES_PASSWORD=$(value postgres-password)
LATCHKEY_REDIS_PASSWORD=$(value redis-password)
LATCHKEY_AMQP_PASSWORD=$(value rabbitmq-password)
LATCHKEY_INBOX_KEY=$(value inbox-password)
END
chmod 600 "$folder/compose.env"
