/** What a pretrained model is apart from who runs it: its card, its checks, how rows and conditions are given to it. */
package dev.paraflux.model.pretrained;
