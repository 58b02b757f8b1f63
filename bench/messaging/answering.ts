import { oneNodeRequestQueue } from '../../libs/messaging/src/topology.ts';
import { eventQueue, ourParty, rawAnswering, service } from './parties.ts';

// A process of its own, as a service is: `ours` or `raw`, and the broker's address. Tells how many events it has consumed.
const [kind, url = ''] = process.argv.slice(2);
let consumed = 0;
const onEvent = () => (consumed += 1);
if (kind === 'ours') await ourParty(url, onEvent);
else await rawAnswering(url, { requests: oneNodeRequestQueue(service).name, events: eventQueue }, onEvent);
process.on('message', () => process.send?.({ consumed }));
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
