package dev.cxr.serve.http;

import io.undertow.util.StatusCodes;

/**
 * The body of an error response, in the form of DJL Serving and with its types where it has them.
 *
 * @param code HTTP status
 * @param type error name, for programs
 * @param message for people: what was expected, what was found, what to do
 */
record ApiError(int code, String type, String message) {

  static final ApiError UNKNOWN_PATH =
      new ApiError(
          StatusCodes.NOT_FOUND,
          "ResourceNotFoundException",
          "Requested resource is not found, please refer to API document.");

  static final ApiError METHOD_NOT_ALLOWED =
      new ApiError(
          StatusCodes.METHOD_NOT_ALLOWED,
          "MethodNotAllowedException",
          "Requested method is not allowed, please refer to API document.");

  static final ApiError MISSING_MODEL_NAME = badRequest("Parameter model_name is required.");

  static final ApiError HEAD_TOO_LONG = badRequest("Invalid HTTP message.");

  static final ApiError HANDLER_OVERRIDE =
      badRequest("The handler can't be overridden in a request");

  static final ApiError BODY_TOO_LARGE =
      new ApiError(
          StatusCodes.REQUEST_ENTITY_TOO_LARGE,
          "RequestEntityTooLargeException",
          "Expected a body of at most 16 MiB, also after decompression. Send a smaller image.");

  static final ApiError INVALID_GZIP =
      invalidImage(
          "Expected a whole gzip file, as Content-Encoding: gzip says; found one that is damaged or"
              + " truncated. Send it again, or send the image without compression.");

  static final ApiError BODY_TIMEOUT =
      new ApiError(
          StatusCodes.REQUEST_TIME_OUT,
          "RequestTimeoutException",
          "Expected the whole body within %d seconds. Use a faster connection or a smaller image."
              .formatted(BodyReader.BODY_TIMEOUT_SECONDS));

  static final ApiError SHUTTING_DOWN =
      unavailable("The server is shutting down. Send the request to another one.");

  static final ApiError OUT_OF_MEMORY =
      unavailable("Not enough memory for this request at the moment. Retry later.");

  static final ApiError TOO_MANY_CONNECTIONS =
      unavailable("Too many connections, and this one made no progress. Retry later.");

  /**
   * A host that the server does not know itself by.
   *
   * @param host in printable characters
   */
  static ApiError unknownHost(String host) {
    return new ApiError(
        421, // Misdirected Request, which Undertow has no name for
        "MisdirectedRequestException",
        "Expected an address of this machine or localhost in Host; found '%s'. If clients reach the"
                .formatted(host)
            + " server under this name, start it with --allowed-host and the name.");
  }

  private static ApiError unavailable(String message) {
    return new ApiError(StatusCodes.SERVICE_UNAVAILABLE, "ServiceUnavailableException", message);
  }

  static ApiError badRequest(String message) {
    return new ApiError(StatusCodes.BAD_REQUEST, "BadRequestException", message);
  }

  static ApiError invalidImage(String message) {
    return new ApiError(StatusCodes.BAD_REQUEST, "TranslateException", message);
  }

  static ApiError unsupportedEncoding(String encoding) {
    return new ApiError(
        StatusCodes.UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaTypeException",
        "Expected Content-Encoding: gzip or none; found '%s'. Send the image without compression."
            .formatted(encoding));
  }

  static ApiError unknownModel(String message) {
    return new ApiError(StatusCodes.NOT_FOUND, "ModelNotFoundException", message);
  }

  static ApiError queueFull(String model) {
    return new ApiError(
        StatusCodes.SERVICE_UNAVAILABLE,
        "WlmCapacityException",
        "Worker queue capacity exceeded for model: " + model);
  }

  /** In Java's words, like DJL Serving. */
  static ApiError invalidNumber(NumberFormatException failure) {
    return new ApiError(
        StatusCodes.CONFLICT, "NumberFormatException", String.valueOf(failure.getMessage()));
  }

  /** Without details, which are in the log under the request id. */
  static ApiError internalError(String requestId) {
    return new ApiError(
        StatusCodes.INTERNAL_SERVER_ERROR,
        "InternalServerException",
        "Unexpected failure. See the server's log for request " + requestId + ".");
  }
}
