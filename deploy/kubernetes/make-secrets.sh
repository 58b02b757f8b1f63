#!/bin/sh
# Prints the secrets that the manifests need, with random values; for a first start without a vault:
#   sh deploy/kubernetes/make-secrets.sh | kubectl --namespace latchkey create --filename -
# `create` refuses what is there already. With a vault: the same names and keys, by External Secrets or the like.
set -eu
random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
start() {
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: { name: %s, labels: { app.kubernetes.io/part-of: latchkey, cnpg.io/reload: "true" } }\ntype: %s\nstringData:\n' "$1" "${2:-Opaque}"
}

start latchkey-sealing
printf '  sealing-keys: "k1:%s"\n' "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"

for owner in auth codes delivery devices; do
  password=$(random)
  start "latchkey-database-$owner" kubernetes.io/basic-auth
  printf '  username: latchkey_%s\n  password: "%s"\n' "$owner" "$password"
  printf '  database-url: "postgres://latchkey_%s:%s@latchkey-database-rw:5432/latchkey"\n' "$owner" "$password"
done

password=$(random)
start latchkey-redis
printf '  password: "%s"\n  redis-url: "redis://:%s@latchkey-redis:6379"\n' "$password" "$password"

# Every node by its own name, so that a service goes on to the next one at once.
password=$(random)
monitor=$(random)
urls=
for node in ${LATCHKEY_BROKER_NODES:-0 1 2}; do
  urls="$urls${urls:+,}amqp://latchkey:$password@latchkey-broker-server-$node.latchkey-broker-nodes:5672/latchkey"
done
start latchkey-broker
printf '  amqp-url: "%s"\n  users.json: |\n' "$urls"
cat <<END
    {
      "users": [
        { "name": "latchkey", "password": "$password", "tags": [] },
        { "name": "latchkey-monitor", "password": "$monitor", "tags": ["monitoring"] }
      ],
      "permissions": [
        { "user": "latchkey", "vhost": "latchkey", "configure": ".*", "write": ".*", "read": ".*" },
        { "user": "latchkey-monitor", "vhost": "latchkey", "configure": "^$", "write": "^$", "read": "^$" }
      ]
    }
END
# It only reads: KEDA the length of queues, auth their figures for operators.
start latchkey-broker-monitor
printf '  username: latchkey-monitor\n  password: "%s"\n' "$monitor"
printf '  management-url: "http://latchkey-monitor:%s@latchkey-broker:15672"\n' "$monitor"

# For the inbox. In production the credentials of Amazon, or nothing where the cluster gives pods an identity.
key=$(random)
start latchkey-aws
printf '  inbox-key: "%s"\n  credentials: |\n    [default]\n    aws_access_key_id = latchkey-dev\n    aws_secret_access_key = %s\n' "$key" "$key"
