import { create } from '@bufbuild/protobuf';
import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import type { ServiceParts } from '@plataforma/runtime/service';
import { NOW } from './reservas-fixture.ts';

const PAPEIS = { CLIENTE: PapelUsuario.CLIENTE, GESTOR: PapelUsuario.GESTOR, ADMIN: PapelUsuario.ADMIN };

interface Conta {
  readonly papeis?: readonly (keyof typeof PAPEIS)[];
  readonly ativo?: boolean;
  readonly versao?: number;
  /** Of its sessions: every rise has ended those from before. */
  readonly geracao?: number;
}

/** What auth tells of an account: version 1 made it, later ones changed it. */
export async function tellConta(
  parts: ServiceParts,
  usuarioId: string,
  { papeis = ['CLIENTE'], ativo = true, versao = 1, geracao = 1 }: Conta = {},
): Promise<void> {
  const dados = { usuarioId, papeis: papeis.map((papel) => PAPEIS[papel]) };
  if (versao === 1) await deliver(parts, create(UsuarioRegistradoSchema, dados), versao);
  else
    await deliver(
      parts,
      create(UsuarioAtualizadoSchema, { ...dados, ativo, geracaoSessoes: geracao }),
      versao,
    );
}

/** The account is gone. */
export function remover(parts: ServiceParts, usuarioId: string): Promise<void> {
  return deliver(parts, create(UsuarioRemovidoSchema, { usuarioId }), 9);
}

async function deliver(
  { consumers = [] }: ServiceParts,
  event: { readonly $typeName: string; readonly usuarioId: string },
  versao: number,
): Promise<void> {
  const { on = [] } = consumers.find(({ durable }) => durable === 'reservas-cadastro') ?? {};
  const subscription = on.find(({ schema }) => schema.typeName === event.$typeName);
  if (!subscription) throw new Error(`nothing learns of ${event.$typeName}`);
  await subscription.handle(event as never, {
    id: crypto.randomUUID(),
    subject: event.$typeName,
    agregado: { tipo: 'usuario', id: event.usuarioId, versao },
    ocorridoEm: new Date(NOW),
    entrega: 1,
  });
}
