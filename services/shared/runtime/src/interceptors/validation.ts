import type { Interceptor } from '@connectrpc/connect';
import { checkMessage } from '../input/check-message.ts';
import { checkEach } from './stream.ts';

/** Checks every request message. Answers INVALID_ARGUMENT / `REQUISICAO_INVALIDA`. */
export function validation(): Interceptor {
  return (next) => (req) => {
    const { input } = req.method;
    if (!req.stream) {
      checkMessage(input, req.message);
      return next(req);
    }
    const message = checkEach(req.message, (each) => checkMessage(input, each));
    return next({ ...req, message });
  };
}
