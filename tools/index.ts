export { startSystem, stopAllSystems, type StartedSystem, type StartOptions } from './system/start-system.ts';
export { openSystem, type RunningSystem, type ServiceControl } from './system/running-system.ts';
export { serviceNames, type ServiceName } from './system/services.ts';
export { databaseOwners, roleUrl, type DatabaseOwner } from './stack/databases.ts';
export { rabbitmqManagementUrl } from './stack/rabbitmq.ts';
export { Instance } from './stack/instance.ts';
export { bringUpStack, openStack, takeDownStack, type Stack } from './stack/stack.ts';
export type { BackingPart } from './stack/backing-part.ts';
