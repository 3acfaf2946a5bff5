package dev.cxr.train.doctor;

import dev.cxr.train.device.PyTorchNatives;
import java.util.List;
import java.util.Optional;

/**
 * What starting the engine shows.
 *
 * @param natives on the class path
 * @param version of PyTorch and DJL; empty if the engine did not start
 * @param gpus that it sees
 * @param failure the deepest cause if it did not start
 */
public record EngineFacts(
    List<PyTorchNatives> natives, String version, int gpus, Optional<String> failure) {}
