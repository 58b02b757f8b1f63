import { type Dashboard, lines, quantile, rateOf, stat } from './dashboard.ts';

const loginRoutes = 'route=~"/v1/login|/v1/login/send-code|/v1/login/verify-code"';
const ofQueue = 'queue!~"amq[.].*"';
const ofJob = 'job="$job"';

const overview: Dashboard = {
  uid: 'latchkey-overview',
  title: 'Overview',
  description: 'Whether people get in, and what is in their way.',
  rows: [
    {
      title: 'Service levels: how many times too fast the budget of 30 days is being spent, over the last hour',
      panels: [
        stat('Logins answered', 'short', 'slo:burn:1h{slo="login-availability"}', { at: 1, bad: 'more' }, '99.9 % without an error of ours'),
        stat('Codes in time', 'short', 'slo:burn:1h{slo="time-to-code"}', { at: 1, bad: 'more' }, '95 % with a provider within 5 s'),
        stat('Codes delivered', 'short', 'slo:burn:1h{slo="code-success"}', { at: 1, bad: 'more' }, '99 % of the codes'),
        stat('Alerts that fire', 'none', 'count(ALERTS{alertstate="firing"}) or vector(0)', { at: 1, bad: 'more' }),
        stat('Processes away', 'none', 'count(up == 0) or vector(0)', { at: 1, bad: 'more' }),
        stat('Logins a minute', 'short', `60 * ${rateOf('latchkey_logins_total{outcome="signed_in"}')}`),
      ],
    },
    {
      title: 'The way in',
      panels: [
        lines('Logins', 'reqps', { '{{outcome}}': rateOf('latchkey_logins_total', ['outcome']) }),
        lines('Requests of a login, by status', 'reqps', { '{{status}}': rateOf(`latchkey_http_requests_seconds_count{${loginRoutes}}`, ['status']) }),
        lines('How long a login takes', 's', {
          'half of them': quantile(0.5, `latchkey_http_requests_seconds{${loginRoutes}}`),
          '95 %': quantile(0.95, `latchkey_http_requests_seconds{${loginRoutes}}`),
          '99 %': quantile(0.99, `latchkey_http_requests_seconds{${loginRoutes}}`),
        }),
      ],
    },
    {
      title: 'Codes',
      panels: [
        lines('Codes asked for', 'reqps', { '{{channel}} {{outcome}}': rateOf('latchkey_codes_issued_total', ['channel', 'outcome']) }),
        lines('From asked for to taken by a provider', 's', { '{{channel}}, 95 %': quantile(0.95, 'latchkey_delivery_queued_to_accepted_seconds{kind="code"}', ['channel']) }),
        lines('Codes entered', 'reqps', { '{{outcome}}': rateOf('latchkey_login_codes_total', ['outcome']) }),
      ],
    },
    {
      title: 'Load and parts',
      panels: [
        lines('Logins turned away', 'reqps', { 'at the gateway': rateOf('latchkey_http_logins_limited_total'), 'at the password hashes': rateOf('latchkey_password_hashes_shed_total') }),
        lines('Password hashes', 'short', { '{{state}}': 'sum by (state) (latchkey_password_hashes)' }),
        lines('Logins under way', 'short', { inside: 'sum(latchkey_http_logins_inside)', allowed: 'sum(latchkey_http_logins_allowed)' }),
        lines('Parts that are there', 'none', { '{{job}}: {{part}}': 'min by (job, part) (latchkey_ready)' }),
      ],
    },
  ],
};

const delivery: Dashboard = {
  uid: 'latchkey-delivery',
  title: 'Delivery',
  description: 'Codes and notices on their way to the providers.',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Texts that wait', 'none', 'max(rabbitmq_detailed_queue_messages_ready{queue="delivery.sms"})', { at: 100, bad: 'more' }),
        stat('Emails that wait', 'none', 'max(rabbitmq_detailed_queue_messages_ready{queue="delivery.email"})', { at: 1000, bad: 'more' }),
        stat('Circuits open', 'none', 'count(latchkey_delivery_circuit_state == 2) or vector(0)', { at: 1, bad: 'more' }),
        stat('Unknown outcomes, 1 h', 'none', 'sum(increase(latchkey_delivery_unknown_total[1h]))', { at: 1, bad: 'more' }),
        stat('Expired, 1 h', 'none', 'sum(increase(latchkey_delivery_expired_total[1h]))', { at: 1, bad: 'more' }),
      ],
    },
    {
      title: 'Time',
      panels: [
        lines('From issued to the first provider asked', 's', { '{{channel}}, half': quantile(0.5, 'latchkey_delivery_queued_to_asked_seconds', ['channel']), '{{channel}}, 95 %': quantile(0.95, 'latchkey_delivery_queued_to_asked_seconds', ['channel']) }),
        lines('From issued to taken', 's', { '{{channel}} {{kind}}, 95 %': quantile(0.95, 'latchkey_delivery_queued_to_accepted_seconds', ['channel', 'kind']) }),
        lines('How long a provider takes to answer', 's', { '{{provider}}, 95 %': quantile(0.95, 'latchkey_delivery_asked_to_answered_seconds', ['provider']) }),
      ],
    },
    {
      title: 'Outcome',
      panels: [
        lines('How messages ended', 'cps', { '{{channel}} {{kind}} {{end}}': rateOf('latchkey_delivery_settled_total', ['channel', 'kind', 'end']) }),
        lines('Answers of providers', 'cps', { '{{provider}} {{outcome}}': rateOf('latchkey_delivery_asks_total', ['provider', 'outcome']) }),
        lines('Receipts', 'cps', { '{{provider}} {{outcome}}': rateOf('latchkey_delivery_receipts_total', ['provider', 'outcome']) }),
      ],
    },
    {
      title: 'Trouble',
      panels: [
        lines('Circuits', 'none', { '{{job}}: {{provider}}': 'max by (job, provider) (latchkey_delivery_circuit_state)' }, '0 closed, 1 being tried again, 2 open'),
        lines('Went on to the next provider', 'cps', { '{{provider}} {{reason}}': rateOf('latchkey_delivery_failovers_total', ['provider', 'reason']) }),
        lines('Unknown and expired', 'cps', { '{{channel}} unknown': rateOf('latchkey_delivery_unknown_total', ['channel']), '{{channel}} expired': rateOf('latchkey_delivery_expired_total', ['channel']) }),
      ],
    },
  ],
};

const queues: Dashboard = {
  uid: 'latchkey-queues',
  title: 'Queues',
  description: 'RabbitMQ, as the broker tells it and as the services see it.',
  rows: [
    {
      title: 'Queues',
      panels: [
        lines('Messages that wait', 'short', { '{{queue}}': `max by (queue) (rabbitmq_detailed_queue_messages_ready{${ofQueue}, queue!~".*[.]dead"})` }),
        lines('Messages being handled', 'short', { '{{queue}}': `max by (queue) (rabbitmq_detailed_queue_messages_unacked{${ofQueue}, queue!~".*[.]dead"})` }),
        lines('Consumers', 'none', { '{{queue}}': 'max by (queue) (rabbitmq_detailed_queue_consumers{queue!~"amq[.].*|.*[.]dead|latchkey[.]retry[.].*"})' }),
      ],
    },
    {
      title: 'Events',
      panels: [
        lines('Events handled', 'cps', { '{{queue}} {{outcome}}': rateOf('latchkey_events_handled_total', ['queue', 'outcome']) }),
        lines('How long an effect takes', 's', { '{{event}}, 95 %': quantile(0.95, 'latchkey_events_handling_seconds', ['event']) }),
        lines('Tried again later', 'cps', { '{{queue}}': rateOf('latchkey_events_retried_total', ['queue']) }),
      ],
    },
    {
      title: 'Dead letters',
      panels: [
        lines('In the dead letters', 'none', { '{{queue}}': 'max by (queue) (rabbitmq_detailed_queue_messages_ready{queue=~".*[.]dead"})' }),
        lines('Put there', 'cps', { '{{queue}} {{reason}}': rateOf('latchkey_events_dead_lettered_total', ['queue', 'reason']) }),
      ],
    },
    {
      title: 'Publishing',
      panels: [
        lines('From published to confirmed', 's', { '{{job}}, 95 %': quantile(0.95, 'latchkey_publish_confirm_seconds{outcome="confirmed"}', ['job']) }),
        lines('Facts stored and not published', 'short', { '{{job}}': 'max by (job) (latchkey_outbox_rows)' }),
        lines('Age of the oldest of them', 's', { '{{job}}': 'max by (job) (latchkey_outbox_lag_seconds)' }),
      ],
    },
    {
      title: 'Broker',
      panels: [
        lines('Memory', 'bytes', { '{{instance}}': 'rabbitmq_process_resident_memory_bytes', limit: 'min(rabbitmq_resident_memory_limit_bytes)' }),
        lines('Disk that is free', 'bytes', { '{{instance}}': 'rabbitmq_disk_space_available_bytes', limit: 'max(rabbitmq_disk_space_available_limit_bytes)' }),
        lines('Connections and channels', 'none', { connections: 'sum(rabbitmq_connections)', channels: 'sum(rabbitmq_channels)' }),
        lines('Connections lost', 'cps', { '{{job}}': rateOf('latchkey_broker_disconnects_total', ['job']) }),
      ],
    },
  ],
};

const security: Dashboard = {
  uid: 'latchkey-login-security',
  title: 'Login security',
  description: 'Guessing, locking out, and texts that somebody earns by.',
  rows: [
    {
      title: 'The last hour',
      panels: [
        stat('Wrong passwords', 'short', 'sum(increase(latchkey_logins_total{outcome="invalid_credentials"}[1h]))'),
        stat('Wrong codes', 'short', 'sum(increase(latchkey_login_codes_total{outcome="wrong_code"}[1h]))'),
        stat('Refused as locked', 'short', 'sum(increase(latchkey_login_codes_total{outcome="locked"}[1h]))', { at: 20, bad: 'more' }),
        stat('Texts refused: codes not entered', 'short', 'sum(increase(latchkey_code_limits_refused_total{limit="not_entered"}[1h]))', { at: 1, bad: 'more' }),
      ],
    },
    {
      title: 'Passwords',
      panels: [
        lines('Logins by outcome', 'reqps', { '{{outcome}}': rateOf('latchkey_logins_total', ['outcome']) }),
        lines('Share of wrong passwords', 'percentunit', { 'wrong passwords': `${rateOf('latchkey_logins_total{outcome="invalid_credentials"}')} / ${rateOf('latchkey_logins_total{assurance="none"}')}` }, 'Of what was answered with something else than a session'),
        lines('Sessions by assurance', 'reqps', { '{{assurance}}': rateOf('latchkey_logins_total{outcome="signed_in"}', ['assurance']) }),
      ],
    },
    {
      title: 'Codes',
      panels: [
        lines('Codes entered', 'reqps', { '{{purpose}} {{outcome}}': rateOf('latchkey_login_codes_total', ['purpose', 'outcome']) }),
        lines('Codes judged, by kind', 'reqps', { '{{kind}} {{outcome}}': rateOf('latchkey_codes_tried_total', ['kind', 'outcome']) }),
        lines('Sent, and entered rightly', 'reqps', { sent: rateOf('latchkey_codes_issued_total{outcome="sent"}'), entered: rateOf('latchkey_codes_tried_total{kind=~"sms|email", outcome="right"}') }, 'Sent without being entered: somebody plays, or nothing arrives'),
      ],
    },
    {
      title: 'Limits',
      panels: [
        lines('Sends refused, by the limit', 'reqps', { '{{limit}}': rateOf('latchkey_code_limits_refused_total', ['limit']) }),
        lines('Requests refused', 'reqps', { '{{route}}': `${rateOf('latchkey_http_requests_seconds_count{status="4xx", route=~"/v1/.*"}', ['route'])}` }),
      ],
    },
  ],
};

const service: Dashboard = {
  uid: 'latchkey-service',
  title: 'One service',
  description: 'The processes of one service.',
  variables: { job: { metric: 'latchkey_broker_connected', label: 'job' } },
  rows: [
    {
      title: 'Processes',
      panels: [
        stat('Processes', 'none', `count(up{${ofJob}} == 1)`),
        lines('Up', 'none', { '{{instance}}': `up{${ofJob}}` }),
        lines('Processor', 'percentunit', { '{{instance}}': `rate(process_cpu_seconds_total{${ofJob}}[$__rate_interval])` }),
        lines('Memory', 'bytes', { '{{instance}}': `process_resident_memory_bytes{${ofJob}}`, '{{instance}}: heap in use': `nodejs_heap_size_used_bytes{${ofJob}}` }),
      ],
    },
    {
      title: 'Inside',
      panels: [
        lines('Lag of the event loop', 's', { '{{instance}}, 99 %': `nodejs_eventloop_lag_p99_seconds{${ofJob}}` }),
        lines('Parts that are there', 'none', { '{{instance}}: {{part}}': `latchkey_ready{${ofJob}}` }),
        lines('Connections to Postgres', 'none', { '{{instance}} {{state}}': `latchkey_postgres_connections{${ofJob}}` }),
        lines('Under way', 'short', { handling: `sum(latchkey_messages_in_handling{${ofJob}})`, asked: `sum(latchkey_requests_in_flight{${ofJob}})`, publishing: `sum(latchkey_publishes_unconfirmed{${ofJob}})` }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        lines('Answered', 'reqps', { '{{request}} {{outcome}}': rateOf(`latchkey_requests_answered_seconds_count{${ofJob}}`, ['request', 'outcome']) }),
        lines('Answered: how long it took', 's', { '{{request}}, 95 %': quantile(0.95, `latchkey_requests_answered_seconds{${ofJob}}`, ['request']) }),
        lines('Asked of others', 'reqps', { '{{request}} {{outcome}}': rateOf(`latchkey_requests_asked_seconds_count{${ofJob}}`, ['request', 'outcome']) }),
        lines('Asked of others: how long it took', 's', { '{{request}}, 95 %': quantile(0.95, `latchkey_requests_asked_seconds{${ofJob}}`, ['request']) }),
      ],
    },
    {
      title: 'Events',
      panels: [
        lines('Handled', 'cps', { '{{event}} {{outcome}}': rateOf(`latchkey_events_handled_total{${ofJob}}`, ['event', 'outcome']) }),
        lines('How long an effect takes', 's', { '{{event}}, 95 %': quantile(0.95, `latchkey_events_handling_seconds{${ofJob}}`, ['event']) }),
      ],
    },
  ],
};

/** Every dashboard, by the name of its file in deploy/observability/grafana/dashboards. */
export const dashboards: Record<string, Dashboard> = { overview, delivery, queues, 'login-security': security, 'one-service': service };
