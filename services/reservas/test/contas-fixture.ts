import { create } from '@bufbuild/protobuf';
import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import type { ServiceParts } from '@plataforma/runtime/service';
import { AGORA } from './reservas-fixture.ts';

const PAPEIS = { CLIENTE: PapelUsuario.CLIENTE, GESTOR: PapelUsuario.GESTOR, ADMIN: PapelUsuario.ADMIN };

interface Conta {
  readonly papeis?: readonly (keyof typeof PAPEIS)[];
  readonly ativo?: boolean;
  readonly versao?: number;
}

/** What auth tells of an account: version 1 made it, later ones changed it. */
export async function contar(
  parts: ServiceParts,
  usuarioId: string,
  { papeis = ['CLIENTE'], ativo = true, versao = 1 }: Conta = {},
): Promise<void> {
  const dados = { usuarioId, papeis: papeis.map((papel) => PAPEIS[papel]) };
  if (versao === 1) await entregar(parts, create(UsuarioRegistradoSchema, dados), versao);
  else await entregar(parts, create(UsuarioAtualizadoSchema, { ...dados, ativo }), versao);
}

/** The account is gone. */
export function remover(parts: ServiceParts, usuarioId: string): Promise<void> {
  return entregar(parts, create(UsuarioRemovidoSchema, { usuarioId }), 9);
}

async function entregar(
  { consumers = [] }: ServiceParts,
  evento: { readonly $typeName: string; readonly usuarioId: string },
  versao: number,
): Promise<void> {
  const { on = [] } = consumers.find(({ durable }) => durable === 'reservas-cadastro') ?? {};
  const assinatura = on.find(({ schema }) => schema.typeName === evento.$typeName);
  if (!assinatura) throw new Error(`nothing learns of ${evento.$typeName}`);
  await assinatura.handle(evento as never, {
    id: crypto.randomUUID(),
    subject: evento.$typeName,
    agregado: { tipo: 'usuario', id: evento.usuarioId, versao },
    ocorridoEm: new Date(AGORA),
    entrega: 1,
  });
}
