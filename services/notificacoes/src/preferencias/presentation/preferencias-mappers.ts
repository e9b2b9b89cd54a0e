import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Canal } from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import {
  type AjustarPreferenciasRequest,
  AjustarPreferenciasRequestSchema,
  type AtualizarPreferenciasRequest,
} from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import {
  EscolhaDePreferenciaSchema,
  GrupoDeMensagens,
  type Preferencias as PreferenciasProto,
  PreferenciasSchema,
  type Silencio as SilencioProto,
} from '@plataforma/contratos/notificacoes/v1/preferencias_pb';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { changesOf } from '@plataforma/runtime/update-mask';
import type { PreferenciasGuardadas } from '../application/ports.ts';
import type { Ajuste, Escolha } from '../domain/ajuste.ts';
import { CANAIS, ehObrigatoria, GRUPOS_EM_USO } from '../domain/grade.ts';
import { type EscolhasGerais, estaLigada, PREFERENCIAS_INICIAIS } from '../domain/preferencias.ts';
import type { Silencio } from '../domain/silencio.ts';

/** Validation has refused a request that leaves one out. */
export function escolhasGeraisFrom(request: AtualizarPreferenciasRequest): EscolhasGerais {
  const { email = false, sms = false, push = false, lembretes = false, telefone = '' } = request;
  return { email, sms, push, lembretes, telefone };
}

/** What goes back to what it is for somebody who never said anything. */
const COM_PADRAO = ['email', 'sms', 'push', 'idioma', 'silencio'] as const;

/** Validation has refused what no release of the contracts knows. */
export function ajusteFrom(request: AjustarPreferenciasRequest): Ajuste {
  const { given, cleared } = changesOf(AjustarPreferenciasRequestSchema, request, COM_PADRAO);
  const { escolhas = [], silencio, email, sms, push, idioma } = given;
  const conhecidas = escolhas.flatMap(({ grupo, canal, ligada = false }): Escolha[] => {
    const linha = nameFrom(GrupoDeMensagens, grupo);
    const coluna = nameFrom(Canal, canal);
    return linha && coluna ? [{ grupo: linha, canal: coluna, ligada }] : [];
  });
  return {
    ...{ email, sms, push, idioma, escolhas: conhecidas },
    ...(silencio && { silencio: silencioFrom(silencio) }),
    ...Object.fromEntries(cleared.map((campo) => [campo, PREFERENCIAS_INICIAIS[campo]])),
  };
}

function silencioFrom({ inicio, fim, fusoHorario, incluiEmail }: SilencioProto): Silencio | null {
  return inicio === '' && fim === '' ? null : { inicio, fim, fuso: fusoHorario, email: incluiEmail };
}

export function toPreferenciasProto(
  clienteId: string,
  preferencias: PreferenciasGuardadas,
): PreferenciasProto {
  const { atualizadoEm, email, sms, push, lembretes, telefone, idioma, silencio } = preferencias;
  return create(PreferenciasSchema, {
    ...{ clienteId, email, sms, push, lembretes, telefone, idioma },
    grade: gradeDe(preferencias),
    silencio: toSilencioProto(silencio),
    ...(atualizadoEm && { atualizadoEm: timestampFromDate(atualizadoEm) }),
  });
}

/** Empty times: there are none. */
function toSilencioProto(silencio: Silencio | null) {
  if (silencio === null) return {};
  const { inicio, fim, fuso, email } = silencio;
  return { inicio, fim, fusoHorario: fuso, incluiEmail: email };
}

function gradeDe(preferencias: Pick<PreferenciasGuardadas, 'lembretes' | 'desligadas'>) {
  return GRUPOS_EM_USO.flatMap((grupo) =>
    CANAIS.map((canal) =>
      create(EscolhaDePreferenciaSchema, {
        grupo: GrupoDeMensagens[grupo],
        canal: Canal[canal],
        ligada: estaLigada(preferencias, grupo, canal),
        obrigatoria: ehObrigatoria(grupo, canal),
      }),
    ),
  );
}
