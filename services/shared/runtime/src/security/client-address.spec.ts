import { describe, expect, it } from '@jest/globals';
import { callValues } from '../rpc/call-context.ts';
import { ClientAddresses } from './client-address.ts';

const call = (peer: string, forwarded?: string) => ({
  values: callValues(peer),
  requestHeader: new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
});

const of = (trusted: string[], peer: string, forwarded?: string) =>
  new ClientAddresses(trusted).of(call(peer, forwarded));

describe('ClientAddresses', () => {
  it.each([
    ['203.0.113.7:50112', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['[2001:DB8::1]:50112', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unix:/tmp/socket', ''],
    ['', ''],
  ])('takes the peer %s for %j', (peer, client) => {
    expect(of([], peer)).toBe(client);
  });

  it('believes nobody about forwarding unless it is told to', () => {
    expect(of([], '203.0.113.7:1', '198.51.100.1')).toBe('203.0.113.7');
    expect(of(['10.0.0.0/8'], '203.0.113.7:1', '198.51.100.1')).toBe('203.0.113.7');
  });

  it.each([
    ['198.51.100.1', '198.51.100.1'],
    ['1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['1.1.1.1, nonsense, 10.9.9.9', '10.9.9.9'],
    ['10.1.1.1', '10.1.1.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['', '10.0.0.1'],
  ])('takes the nearest address of %j that is no trusted proxy', (forwarded, client) => {
    expect(of(['10.0.0.0/8'], '10.0.0.1:1', forwarded)).toBe(client);
  });

  it('is not held up by a header full of proxies', () => {
    expect(of(['10.0.0.0/8'], '10.0.0.1:1', `${'10.0.0.2,'.repeat(1_000)}10.0.0.3`)).toBe('10.0.0.2');
  });

  it.each(['10.0.0.0/33', 'proxy', '10.0.0.0/', '10.0.0.0/8/8', '::1/129'])(
    'does not start with %j',
    (entry) => {
      expect(() => new ClientAddresses(['127.0.0.1', entry])).toThrow(
        'entry 2 is neither an address nor a CIDR block',
      );
    },
  );
});
