import { BlockList, isIP } from 'node:net';

/** Not of the public internet, or reached by detours: IANA IPv4 Special-Purpose Address Registry, multicast, and what clouds keep for themselves. */
const IPV4_FORA = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

/** All that is given out for global unicast; whatever carries an IPv4 address elsewhere (mapped, translated) is outside of it. */
const IPV6_GLOBAL = '2000::/3';

/** Within it: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112. */
const IPV6_FORA = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'] as const;

const foraIpv4 = blocos('ipv4', IPV4_FORA);
const globalIpv6 = blocos('ipv6', [IPV6_GLOBAL]);
const foraIpv6 = blocos('ipv6', IPV6_FORA);

/** Whether an address, as a resolver writes it, is one of the public internet. Whatever is no address is not. */
export function ehPublico(endereco: string): boolean {
  switch (isIP(endereco)) {
    case 4:
      return !foraIpv4.check(endereco, 'ipv4');
    case 6:
      // With a zone (`fe80::1%eth0`) it is of a link.
      return (
        !endereco.includes('%') && globalIpv6.check(endereco, 'ipv6') && !foraIpv6.check(endereco, 'ipv6')
      );
    default:
      return false;
  }
}

/** Whether an address is this machine. */
export const ehLoopback = (endereco: string): boolean =>
  endereco === '::1' || /^127(\.\d+){3}$/.test(endereco);

function blocos(familia: 'ipv4' | 'ipv6', redes: readonly string[]): BlockList {
  const lista = new BlockList();
  for (const rede of redes) {
    const [inicio = '', bits] = rede.split('/');
    lista.addSubnet(inicio, Number(bits), familia);
  }
  return lista;
}
