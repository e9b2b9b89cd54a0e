import { describe, expect, it } from '@jest/globals';
import { portsFromEnv } from './ports.ts';

describe('portsFromEnv', () => {
  it('moves only what the environment names', () => {
    const ports = portsFromEnv({ EDGE_PORT: '9000', AUTH_GRPC_PORT: '' });
    expect(ports).toMatchObject({ EDGE_PORT: 9000, AUTH_GRPC_PORT: 50051, NATS_PORT: 4222 });
  });

  it.each(['abc', '0', '65536', '80.5', '-1'])('refuses %p, naming the variable', (value) => {
    expect(() => portsFromEnv({ EDGE_PORT: value, NATS_PORT: value })).toThrow(
      'EDGE_PORT, NATS_PORT: needs a port',
    );
  });

  it('refuses one port for two, also when one of them is a default', () => {
    expect(() => portsFromEnv({ EDGE_PORT: '50051' })).toThrow(
      'EDGE_PORT and AUTH_GRPC_PORT: all of them are 50051',
    );
  });
});
