import type { Contato, Modelos } from '../application/ports.ts';
import type { DadosPorModelo, Modelo, ModeloComDados } from '../domain/notificacao.ts';
import { boasVindas } from './boas-vindas.ts';
import { estornoConcluido } from './estorno-concluido.ts';
import { estornoFalhou } from './estorno-falhou.ts';
import { diagramar } from './leiaute.ts';
import { lembreteReserva } from './lembrete-reserva.ts';
import { pagamentoRecusado } from './pagamento-recusado.ts';
import { reservaCancelada } from './reserva-cancelada.ts';
import { reservaConfirmada } from './reserva-confirmada.ts';
import { reservaExpirada } from './reserva-expirada.ts';
import { assuntoDoResumo, visaoDoResumo } from './resumo-da-serie.ts';
import type { Template } from './template.ts';
import { vagaOferecida } from './vaga-oferecida.ts';

const TEMPLATES: { readonly [M in Modelo]: Template<DadosPorModelo[M]> } = {
  RESERVA_CONFIRMADA: reservaConfirmada,
  RESERVA_CANCELADA: reservaCancelada,
  RESERVA_EXPIRADA: reservaExpirada,
  LEMBRETE_RESERVA: lembreteReserva,
  PAGAMENTO_RECUSADO: pagamentoRecusado,
  ESTORNO_CONCLUIDO: estornoConcluido,
  ESTORNO_FALHOU: estornoFalhou,
  VAGA_OFERECIDA: vagaOferecida,
  BOAS_VINDAS: boasVindas,
};

/** The templates by what they are about, signed by the sender. */
export function createModelos(remetente: Contato): Modelos {
  return {
    assunto: ({ modelo, dados }) => templateDe(modelo).assunto(dados),
    renderizar({ modelo, dados }, nome) {
      const template = templateDe(modelo);
      const anexos = template.anexos?.(dados, remetente) ?? [];
      return { ...diagramar(template.assunto(dados), template.visao(dados), nome), anexos };
    },
    resumir(resumo, nome) {
      const assunto = assuntoDoResumo(resumo);
      const { anexos } = templateDe(resumo.modelo);
      const arquivos = resumo.dados.flatMap((dados) => anexos?.(dados, remetente) ?? []);
      return { assunto, ...diagramar(assunto, visaoDoResumo(resumo), nome), anexos: arquivos };
    },
  };
}

/** A model and its data come as a pair ({@link ModeloComDados}); the compiler cannot follow that through a table. */
function templateDe(modelo: Modelo): Template<ModeloComDados['dados']> {
  return TEMPLATES[modelo] as Template<ModeloComDados['dados']>;
}
