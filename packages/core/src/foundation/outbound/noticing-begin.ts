import type { Dispatcher } from 'undici';

/**
 * Tells when a connection takes a request, which is just before the first of its bytes is written: until then certainly nothing was
 * sent. A request whose signal was aborted while it waited for a connection is never written.
 */
export function noticingBegin(signal: AbortSignal, begun: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context: unknown) {
        if (!signal.aborted) begun();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
      onResponseStart: (...given) => handler.onResponseStart?.(...given),
      onResponseData: (...given) => handler.onResponseData?.(...given),
      onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
      onResponseError: (...given) => handler.onResponseError?.(...given),
    });
}
