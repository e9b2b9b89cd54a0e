import { BlockList, isIP } from 'node:net';
import type { HandlerContext } from '@connectrpc/connect';
import { peerOf } from '../rpc/call-context.ts';

/** More hops than any chain of proxies has. */
const MAX_HOPS = 16;

/** Tells whom a call comes from when there are proxies between. */
export class ClientAddresses {
  readonly #trusted = new BlockList();

  /**
   * @param trusted addresses or CIDR blocks of the proxies whose `x-forwarded-for` is believed; none by default, since
   * any client can write that header.
   * @throws Error naming the position of an entry that is neither.
   */
  constructor(trusted: readonly string[]) {
    for (const [index, entry] of trusted.entries()) this.#trust(entry, index);
  }

  /**
   * Address of the client: the nearest one that is no trusted proxy. Of IPv6 the /64 network, which is what one client
   * has; empty when nothing is known.
   */
  of({ values, requestHeader }: Pick<HandlerContext, 'values' | 'requestHeader'>): string {
    let client = plain(peerOf({ values }));
    const hops = (requestHeader.get('x-forwarded-for') ?? '').split(',').slice(-MAX_HOPS).reverse();
    for (const hop of hops) {
      const address = plain(hop.trim());
      if (!this.#isTrusted(client) || address === '') break;
      client = address;
    }
    return isIP(client) === 6 ? network64(client) : client;
  }

  #isTrusted(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
  }

  #trust(entry: string, index: number): void {
    const [address = '', bits, ...rest] = entry.split('/');
    const version = isIP(address);
    const length = bits === undefined ? (version === 6 ? 128 : 32) : Number(bits || 'x');
    const valid = version !== 0 && rest.length === 0 && Number.isInteger(length) && length >= 0;
    if (!valid || length > (version === 6 ? 128 : 32))
      throw new Error(`entry ${index + 1} is neither an address nor a CIDR block`);
    this.#trusted.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
  }
}

/** Without port, brackets and the IPv6 form of IPv4; empty when it is no address. */
function plain(peer: string): string {
  const address = /^\[(.+)\](?::\d+)?$/.exec(peer)?.[1] ?? peer.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  const mapped = address.replace(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i, '$1');
  return isIP(mapped) === 0 ? '' : mapped;
}

function network64(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
