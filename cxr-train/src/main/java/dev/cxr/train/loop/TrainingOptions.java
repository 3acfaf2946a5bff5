package dev.cxr.train.loop;

import ai.djl.Device;
import java.time.Duration;

/**
 * How a training runs, which does not change what it learns (but for rounding on another device).
 *
 * @param stop requests a stop
 * @param checkpointInterval time between checkpoints within an epoch
 * @param device to train on
 * @param listener follows the training
 */
public record TrainingOptions(
    StopSignal stop, Duration checkpointInterval, Device device, TrainingListener listener) {}
